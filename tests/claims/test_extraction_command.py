"""`manage.py extract_statements`: a line a file, without a database."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

QUOTATION = '🌊 "The dam will hold. Nobody has to leave," said Maria Lopez.'


def run(*paths: object, **options: object) -> list[dict]:
    target = options.pop("output")
    call_command("extract_statements", *map(str, paths), output=str(target), **options)
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_a_line_a_file_with_offsets_into_its_text(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(QUOTATION, encoding="utf-8")

    (line,) = run(file, output=tmp_path / "out.jsonl")

    assert line["file"] == str(file)
    (attribution,) = line["attributions"]
    assert [QUOTATION[start:end] for start, end in attribution["content"]] == [
        '"The dam will hold. Nobody has to leave,"'
    ]
    assert attribution["speaker"] == "Maria Lopez"


def test_propositions_are_a_sentence_each(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(QUOTATION, encoding="utf-8")

    (line,) = run(file, output=tmp_path / "out.jsonl", propositions=True)

    assert [QUOTATION[start:end] for attribution in line["attributions"] for start, end in attribution["content"]] == [
        '"The dam will hold.',
        'Nobody has to leave,"',
    ]


def test_folders_are_walked_for_text_files(tmp_path):
    (tmp_path / "texts" / "deep").mkdir(parents=True)
    for name in ("texts/a.txt", "texts/deep/b.txt", "texts/notes.md"):
        (tmp_path / name).write_text(QUOTATION, encoding="utf-8")

    lines = run(tmp_path / "texts", output=tmp_path / "out.jsonl")

    assert [line["file"].rpartition("/")[2] for line in lines] == ["a.txt", "b.txt"]


def test_dash_reads_standard_input(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(QUOTATION.encode())))

    (line,) = run("-", output=tmp_path / "out.jsonl")

    assert line["file"] == "-"
    assert line["attributions"]


def test_unreadable_file_is_named_and_the_others_are_done(tmp_path, capsys):
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "good.txt").write_text(QUOTATION, encoding="utf-8")
    target = tmp_path / "out.jsonl"

    with pytest.raises(CommandError, match="2 of 3"):
        run(tmp_path / "bad.txt", tmp_path / "missing.txt", tmp_path / "good.txt", output=target)

    errors = capsys.readouterr().err
    assert "bad.txt: is not UTF-8 text" in errors
    assert "missing.txt: cannot be read" in errors
    assert len(target.read_text(encoding="utf-8").splitlines()) == 1


def test_output_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("extract_statements", "-", output=str(tmp_path / "no" / "folder.jsonl"))
