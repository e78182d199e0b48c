from io import StringIO

from rich.console import Console

from earmark.realtime.table import live_table


def test_the_table_shows_names_levels_labels_and_line_states() -> None:
    channels = [
        {
            "channel": 1,
            "name": "Keys",
            "labels": [{"label": "piano", "confidence": 0.87, "sample": 0}],
            "signals": [{"state": "present", "detail": "", "sample": 0}, {"state": "hum", "detail": "", "sample": 0}],
        },
        {"channel": 2, "name": None, "labels": [], "signals": []},
    ]
    levels = {"peak_dbfs": [-3.2, -120.0], "rms_dbfs": [-20.0, -120.0]}
    console = Console(file=StringIO(), width=100)
    console.print(live_table({"channels": channels}, levels))
    text = console.file.getvalue()
    assert "Keys" in text
    assert "piano 87%" in text
    assert "-3.2" in text
    assert "-inf" in text
    assert "hum" in text
    assert "present" not in text


def test_the_others_of_a_group_point_to_its_first_input() -> None:
    one = {"name": "OH", "labels": [], "signals": [], "group": 3}
    console = Console(file=StringIO(), width=100)
    levels = {"peak_dbfs": [-9.0, -9.0], "rms_dbfs": [-20.0, -20.0]}
    console.print(live_table({"channels": [one | {"channel": 3}, one | {"channel": 4}]}, levels))
    assert console.file.getvalue().count("with input 3") == 1
