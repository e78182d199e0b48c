import os
import threading

import pytest

from earmark.realtime.quiet import no_complaints


def complain(text: str) -> None:
    os.write(2, text.encode())


def test_what_libraries_write_meanwhile_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    complain("before ")
    with no_complaints():
        complain("during ")
        with no_complaints():
            complain("nested ")
        complain("still ")
    complain("after")
    assert capfd.readouterr().err == "before after"


def test_an_error_ends_it_too(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="no port"), no_complaints():
        raise OSError("no port")
    complain("after")
    assert capfd.readouterr().err == "after"


def test_threads_that_overlap_leave_standard_error_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        for _ in range(50):
            with no_complaints():
                complain("during ")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    complain("after")
    assert capfd.readouterr().err == "after"
