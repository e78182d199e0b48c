import json
import warnings

import pytest
import torch

from earmark.model import torchscript
from tests.model import fixtures


def test_no_deprecation_warning_escapes(tmp_path):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        module = torchscript.script(fixtures.Tones())
        torchscript.save(module, tmp_path / "a.ts", fixtures.meta())
        loaded, _ = torchscript.load(tmp_path / "a.ts")
        torchscript.freeze(loaded, ["mel", "body"])
    assert [str(warning.message) for warning in caught] == []


def test_warnings_of_others_are_not_silenced():
    with torchscript._quiet(), pytest.warns(FutureWarning, match="something else"):
        warnings.warn("something else", FutureWarning, stacklevel=1)


def test_a_module_comes_back_with_its_meta_data(tmp_path):
    module = torchscript.script(fixtures.Tones())
    torchscript.save(module, tmp_path / "a.ts", fixtures.meta(name="höhen"))
    loaded, meta = torchscript.load(tmp_path / "a.ts")
    assert meta["name"] == "höhen"
    audio = 0.1 * torch.randn(2, fixtures.WINDOW, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(loaded(audio), module(audio))


def test_a_frozen_module_keeps_what_it_is_told_to():
    frozen = torchscript.freeze(torchscript.script(fixtures.Tones()), ["mel", "body"])
    audio = 0.1 * torch.randn(2, fixtures.WINDOW, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(frozen.body(frozen.mel(audio)), frozen(audio))


def test_a_file_without_meta_data_gives_none(tmp_path):
    with torchscript._quiet():
        torch.jit.save(torchscript.script(fixtures.Tones()), str(tmp_path / "bare.ts"))
    assert torchscript.load(tmp_path / "bare.ts")[1] == {}


def test_a_save_that_fails_leaves_the_old_file(tmp_path):
    path = fixtures.write(tmp_path / "a.ts")
    before = path.read_bytes()
    with pytest.raises(TypeError):
        torchscript.save(torchscript.script(fixtures.Tones()), path, {"labels": object()})
    assert path.read_bytes() == before


def test_meta_data_that_is_not_json_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(json, "dumps", lambda _: "{labels")
    fixtures.write(tmp_path / "a.ts")
    with pytest.raises(json.JSONDecodeError):
        torchscript.load(tmp_path / "a.ts")
