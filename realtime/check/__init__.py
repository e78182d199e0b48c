"""The line check: does each named input carry what its name says?"""
