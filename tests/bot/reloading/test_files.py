from pathlib import Path

from bot.reloading.files import FileWatch, stamps


def test_a_change_is_taken_once_and_only_at_rest(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text("{}", "utf-8")
    watch = FileWatch(lambda: [file])
    assert [watch.step(), watch.step()] == [False, False]
    file.write_text('{"half', "utf-8")
    assert not watch.step(), "it was not like that a step ago"
    file.write_text('{"half written": 1}', "utf-8")
    assert not watch.step(), "it is still being written"
    assert watch.step()
    assert [watch.step(), watch.step()] == [False, False]


def test_files_may_come_go_and_be_replaced(tmp_path: Path) -> None:
    file, dotenv = tmp_path / "config.json", tmp_path / ".env"
    file.write_text("{}", "utf-8")
    watch = FileWatch(lambda: [file, dotenv])
    dotenv.write_text("KEY=1", "utf-8")
    assert [watch.step(), watch.step()] == [False, True]
    new = tmp_path / "config.json.new"
    new.write_text("{}", "utf-8")
    new.replace(file)
    assert [watch.step(), watch.step()] == [False, True]
    file.unlink()
    assert [watch.step(), watch.step()] == [False, True]


def test_a_file_that_is_back_as_it_was_changes_nothing(tmp_path: Path) -> None:
    paths = [tmp_path / "config.json"]
    paths[0].write_text("{}", "utf-8")
    watch = FileWatch(lambda: paths)
    paths.append(tmp_path / ".env")
    assert not watch.step()
    paths.pop()
    assert [watch.step(), watch.step()] == [False, False]


def test_a_change_since_the_first_reading_is_taken_too(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text("{}", "utf-8")
    read = stamps([file])
    file.write_text('{"changed": 1}', "utf-8")
    watch = FileWatch(lambda: [file], read)
    assert [watch.step(), watch.step(), watch.step()] == [False, True, False]
