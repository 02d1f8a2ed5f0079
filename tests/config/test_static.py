"""Static files are collected again when they have changed, and only then."""

import os

import pytest

from config import static


@pytest.fixture
def style(tmp_path, settings):
    """Give a static file of a site that has but this one."""
    files = tmp_path / "files"
    files.mkdir()
    settings.HOME = tmp_path
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [files]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static.PackedStaticFilesStorage"},
    }
    file = files / "style.css"
    file.write_text("body { color: black }")
    return file


def collected(settings):
    return {path.read_text() for path in settings.STATIC_ROOT.glob("style.*.css")}


def test_what_has_not_changed_is_not_collected_again(style, settings):
    assert static.collect() is True
    assert collected(settings) == {"body { color: black }"}
    assert static.collect() is False


def test_what_has_changed_is_collected_again(style, settings):
    static.collect()
    style.write_text("body { color: white }")

    assert static.collect() is True
    assert "body { color: white }" in collected(settings)


def test_a_file_of_the_same_size_and_another_time_counts_as_changed(style):
    static.collect()
    os.utime(style, ns=(0, 0))

    assert static.collect() is True


def test_what_was_lost_is_collected_again(style, settings):
    static.collect()
    (settings.STATIC_ROOT / "staticfiles.json").unlink()

    assert static.collect() is True


def test_what_broke_off_is_collected_again(style, settings, monkeypatch):
    static.collect()
    style.write_text("body { color: white }")
    with monkeypatch.context() as patch:
        patch.setattr(static, "call_command", lambda *words, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            static.collect()
    style.write_text("body { color: black }")

    assert static.collect() is True


def test_another_folder_has_files_of_its_own(style, settings, tmp_path):
    static.collect()
    settings.STATIC_ROOT = tmp_path / "elsewhere"

    assert static.collect() is True
    assert collected(settings) == {"body { color: black }"}
