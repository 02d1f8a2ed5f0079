import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_an_unset_or_blank_variable_has_its_default(monkeypatch):
    monkeypatch.delenv("LIMIT", raising=False)
    assert env.integer("LIMIT", default=7) == 7

    monkeypatch.setenv("LIMIT", "  ")
    assert env.integer("LIMIT", default=7) == 7


@pytest.mark.parametrize(("raw", "meant"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False)])
def test_a_flag_is_read_from_the_usual_words(monkeypatch, raw, meant):
    monkeypatch.setenv("FLAG", raw)

    assert env.flag("FLAG", default=not meant) is meant


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (lambda: env.flag("VALUE", default=False), "maybe"),
        (lambda: env.integer("VALUE", default=1), "many"),
        (lambda: env.integer("VALUE", default=1, minimum=1), "0"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(monkeypatch, read, raw):
    monkeypatch.setenv("VALUE", raw)

    with pytest.raises(ImproperlyConfigured, match="^VALUE must be .*" + raw):
        read()


def test_words_are_separated_by_commas_and_trimmed(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example, b.example ,,")

    assert env.words("HOSTS", default=[]) == ["a.example", "b.example"]


def test_a_path_is_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOLDER", "state")

    assert env.path("FOLDER", default=tmp_path) == tmp_path / "state"


def test_a_secret_may_be_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("KEY", "from the variable")

    assert env.secret("KEY") == "from the file"


def test_a_missing_secret_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "nothing"))

    with pytest.raises(ImproperlyConfigured, match="KEY_FILE cannot be read"):
        env.secret("KEY")
