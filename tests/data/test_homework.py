"""What a lesson declares of its homework: read, or refused in words."""

import pytest

from data.homework import HomeworkError, homework_of, load_homework

FIELDS = {
    "file_name": '"110_Means.json"',
    "function": '"measure"',
    "written_by": '"json.dump"',
    "cpu_seconds": "20",
}


def declared(folder, **changed):
    """What is loaded of a file with these lines changed, or left out if None."""
    lines = [f"{name} = {value}" for name, value in (FIELDS | changed).items() if value is not None]
    (folder / "110_means.toml").write_text("\n".join(["[artifact]", *lines]), encoding="utf-8")
    return load_homework("110_means", folder)


def test_a_declaration_is_read(tmp_path):
    """The file's name in its parts, and the function whose value it holds."""
    artifact = declared(tmp_path).artifact

    assert (artifact.file_name, artifact.stem, artifact.suffix) == ("110_Means.json", "110_means", ".json")
    assert (artifact.function, artifact.written_by, artifact.cpu_seconds) == ("measure", "json.dump", 20)


def test_a_lesson_without_a_file_has_no_homework(tmp_path):
    """That is no error."""
    assert load_homework("110_means", tmp_path) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"function": None}, "[artifact] Object missing required field `function`"),
        ({"colour": '"red"'}, "[artifact] Object contains unknown field `colour`"),
        ({"cpu_seconds": '"many"'}, "[artifact] cpu_seconds: Expected `float`, got `str`"),
        ({"cpu_seconds": "0"}, "cpu_seconds is 0; expected more than 0"),
        ({"cpu_seconds": "inf"}, "cpu_seconds is inf"),
        ({"file_name": '"110_means.ipynb"'}, "file_name is '110_means.ipynb'"),
        ({"file_name": '"110_means"'}, "file_name is '110_means'"),
        ({"file_name": '"../110.json"'}, "file_name is '../110.json'"),
        ({"function": '"a b"'}, "function is 'a b'"),
        ({"written_by": '" "'}, "written_by is empty"),
        ({"function": "["}, "110_means.toml: "),
    ],
    ids=str,
)
def test_a_declaration_that_cannot_be_used_is_refused_in_words(changed, said, tmp_path):
    """With the file's name and the place in it."""
    with pytest.raises(HomeworkError) as refused:
        declared(tmp_path, **changed)

    assert str(refused.value).startswith("110_means.toml: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("[artifact", "110_means.toml: "),
        ("artifact = 3", "110_means.toml: "),
        ("[protocol]\nepochs = 3", "110_means.toml: it has no table [artifact]."),
    ],
)
def test_a_file_of_another_form_is_refused_in_words(lines, said, tmp_path):
    """No TOML, no tables, or not the one that every homework has."""
    (tmp_path / "110_means.toml").write_text(lines, encoding="utf-8")

    with pytest.raises(HomeworkError) as refused:
        load_homework("110_means", tmp_path)

    assert str(refused.value).startswith(said)


def test_a_table_is_what_the_lesson_expects_or_is_refused():
    """The lesson's own tables are read by who knows them."""
    facts = homework_of("108_initialization")

    assert facts.table("largest_final_loss", dict[str, float]).keys() == {"glorot", "he"}
    with pytest.raises(HomeworkError, match=r"^108_initialization.toml: \[largest_final_loss\] .*Expected `int`"):
        facts.table("largest_final_loss", dict[str, int])
    with pytest.raises(HomeworkError, match=r"has no table \[nothing\]"):
        facts.table("nothing", dict[str, int])
    with pytest.raises(HomeworkError, match=r"^107_losses_and_depth\.toml"):
        homework_of("107_losses_and_depth")
