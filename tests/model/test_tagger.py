import json
import threading

import numpy as np
import pytest
import torch

from earmark.model import tagger as tagger_module
from earmark.model import torchscript
from earmark.model.errors import ContractError, EarmarkError, TaggerError, UsageError
from earmark.model.tagger import SIZES, Tagger, plan, shipped_model
from earmark.model.tagger_cpu import CpuRunner
from tests.model import fixtures


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    ready = Tagger(fixtures.write(tmp_path_factory.mktemp("model") / "tones.ts"), "cpu")
    ready.warm_up(6)
    return ready


def tones(*hertz, level=0.3):
    time_s = np.arange(fixtures.WINDOW) / fixtures.RATE
    return np.stack([level * np.sin(2 * np.pi * f * time_s) for f in hertz]).astype(np.float32)


@pytest.mark.parametrize(
    ("windows", "sizes"),
    [(0, []), (1, [1]), (3, [4]), (5, [4, 1]), (6, [8]), (33, [32, 1]), (48, [64]), (70, [64, 8]), (130, [64, 64, 2])],
)
def test_plan(windows, sizes):
    assert plan(windows) == sizes


def test_every_plan_holds_its_windows_with_padding_only_at_the_end():
    for windows in range(1, 300):
        sizes = plan(windows)
        assert set(sizes) <= set(SIZES)
        assert sum(sizes[:-1]) < windows <= sum(sizes)
        assert sum(sizes) - windows <= sizes[-1] // 4


def test_tells_tones_apart_in_the_order_given(tagger):
    out = tagger.tag(tones(100, 5000, 440, 60, 9000))
    assert out.shape == (5, 3)
    assert out.dtype == np.float32
    assert [tagger.labels[row.argmax()] for row in out] == ["electric_bass", "flute", "piano", "electric_bass", "flute"]


def test_what_the_file_says_is_at_hand(tagger):
    assert tagger.labels == fixtures.LABELS
    assert (tagger.sample_rate, tagger.window, tagger.thresholds) == (48_000, 48_000, (0.5, 0.5, 0.5))
    assert (tagger.name, tagger.version) == ("tones", "1")
    assert tagger.device_name.startswith("CPU, ")


def test_warm_up_measures_every_size_that_up_to_so_many_windows_need(tagger):
    assert sorted(tagger.step_ms) == [1, 2, 4, 8]
    assert all(step > 0 for step in tagger.step_ms.values())


def test_no_windows_give_no_rows(tagger):
    assert tagger.tag(np.zeros((0, fixtures.WINDOW), np.float32)).shape == (0, 3)


def test_what_was_there_before_does_not_matter(tagger):
    first = tagger.tag(tones(100, 440, 5000))
    tagger.tag(np.full((8, fixtures.WINDOW), 0.9, np.float32))
    np.testing.assert_array_equal(tagger.tag(tones(100, 440, 5000)), first)


def test_a_window_gives_the_same_in_any_company(tagger):
    together = tagger.tag(tones(100, 440, 5000, 250, 2000, 1999))
    alone = np.concatenate([tagger.tag(row[None]) for row in tones(100, 440, 5000, 250, 2000, 1999)])
    np.testing.assert_allclose(alone, together, atol=1e-3)


def test_windows_need_not_lie_in_one_piece(tagger):
    wide = np.repeat(tones(100, 440), 2, axis=1)
    np.testing.assert_allclose(tagger.tag(wide[:, ::2]), tagger.tag(tones(100, 440)), atol=1e-6)


def test_the_windows_and_the_rows_are_the_callers_own(tagger):
    windows = tones(100, 440, 5000)
    kept = windows.copy()
    first = tagger.tag(windows)
    copy = first.copy()
    tagger.tag(tones(5000, 100, 440))
    np.testing.assert_array_equal(windows, kept)
    np.testing.assert_array_equal(first, copy)


def test_another_thread_gets_the_same(tagger):
    found = []
    thread = threading.Thread(target=lambda: found.append(tagger.tag(tones(100, 440, 5000))))
    thread.start()
    thread.join()
    np.testing.assert_array_equal(found[0], tagger.tag(tones(100, 440, 5000)))


def test_workers_share_a_batch_in_order(tmp_path):
    module, _ = torchscript.load(fixtures.write(tmp_path / "tones.ts"))
    runner = CpuRunner(module, fixtures.WINDOW)
    windows = tones(100, 440, 5000, 60, 300, 9000, 100, 440)
    alone = runner.run(windows)
    runner._workers = 4
    np.testing.assert_allclose(runner.run(windows), alone, atol=1e-6)


def test_windows_of_another_length_are_a_mistake(tagger):
    with pytest.raises(ValueError, match="windows must be"):
        tagger.tag(np.zeros((2, 100), np.float32))


def test_not_a_number_is_an_error_of_that_batch_only(tmp_path):
    tagger = Tagger(fixtures.write(tmp_path / "loud.ts", fixtures.Bent("loud")), "cpu")
    with pytest.raises(TaggerError, match="tones gave a value that is not a number"):
        tagger.tag(tones(100, 440, level=1.0))
    assert tagger.tag(tones(100))[0].argmax() == 0


def test_a_model_that_fails_is_an_error_of_that_batch_only(tmp_path):
    tagger = Tagger(fixtures.write(tmp_path / "hot.ts", fixtures.Bent("hot")), "cpu")
    with pytest.raises(TaggerError, match=r"tones failed: .*too hot"):
        tagger.tag(tones(100, 440, level=1.0))
    assert tagger.tag(tones(100))[0].argmax() == 0


def test_a_step_longer_than_the_hop_is_refused_with_the_ways_out(tagger, monkeypatch):
    monkeypatch.setattr(tagger, "step_ms", {64: 310.0, 1: 4.0})
    tagger.require_real_time(64, 0.5)
    with pytest.raises(EarmarkError) as error:
        tagger.require_real_time(64, 0.25)
    assert str(error.value) == (
        "one step for 64 inputs takes 310 ms, the hop is 250 ms: use fewer inputs, --hop-ms 500, or a GPU"
    )


def test_no_hop_is_suggested_that_would_not_do(tagger, monkeypatch):
    monkeypatch.setattr(tagger, "step_ms", {64: 2310.0})
    with pytest.raises(EarmarkError, match="use fewer inputs, or a GPU"):
        tagger.require_real_time(128, 0.25)


def test_a_missing_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"no model file .*nothing\.ts: check --model"):
        Tagger(tmp_path / "nothing.ts", "cpu")


def test_the_shipped_model_stands_in_the_package(monkeypatch):
    assert shipped_model().parent.name == "weights"
    monkeypatch.setattr(tagger_module, "SHIPPED", "not-there.ts")
    with pytest.raises(UsageError, match="reinstall Earmark, or name one with --model"):
        Tagger(None, "cpu")


@pytest.mark.parametrize("content", [b"", b"RIFF....WAVE", b"PK\x03\x04 cut off"])
def test_what_is_not_torchscript_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "garbage.ts"
    path.write_bytes(content)
    with pytest.raises(ContractError, match=r"garbage\.ts is not a TorchScript file") as error:
        Tagger(path, "cpu")
    assert "\n" not in str(error.value)


def test_bare_weights_are_refused(tmp_path):
    torch.save({"weight": torch.zeros(3)}, tmp_path / "weights.pt")
    with pytest.raises(ContractError, match="is not a TorchScript file"):
        Tagger(tmp_path / "weights.pt", "cpu")


def test_meta_data_that_is_not_json_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(json, "dumps", lambda _: "{labels")
    path = fixtures.write(tmp_path / "meta.ts")
    with pytest.raises(ContractError, match=r"meta\.json is not JSON"):
        Tagger(path, "cpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_missing_gpu_is_a_usage_error(tmp_path):
    path = fixtures.write(tmp_path / "tones.ts")
    with pytest.raises(UsageError, match="no CUDA GPU"):
        Tagger(path, "cuda")
    assert Tagger(path, "auto").device_name.startswith("CPU")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
def test_a_gpu_gives_what_the_cpu_gives(tagger, tmp_path):
    gpu = Tagger(fixtures.write(tmp_path / "tones.ts"), "cuda")
    gpu.warm_up(6)
    for windows in (tones(100), tones(100, 440, 5000), tones(440, 100, 5000, 250, 2000, 1999)):
        np.testing.assert_allclose(gpu.tag(windows), tagger.tag(windows), atol=1e-3)


def test_a_model_with_only_forward_runs(tmp_path):
    path = fixtures.write(tmp_path / "plain.ts", fixtures.Bent(""))
    module, _ = torchscript.load(path)
    assert not hasattr(module, "mel")
    assert Tagger(path, "cpu").tag(tones(440))[0].argmax() == 1
