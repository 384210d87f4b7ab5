from storage.people.lists.managers import TO_COME, Managers, name_key

PRESENT = [(1, "M1", "Мария Орлова"), (2, "M2", "Пётр Сом"), (3, None, "Анна Лис")]
LISTED = [("M2", "Пётр Сомов"), ("M9", "Олег Ёрш")]


def test_an_id_goes_before_a_name() -> None:
    managers = Managers([*PRESENT, (4, "X", "M1")], [])
    assert managers.find("M1") == 1


def test_a_name_is_known_in_any_order_and_spelling() -> None:
    managers = Managers(PRESENT, LISTED)
    assert managers.find("орлова  МАРИЯ") == 1
    assert managers.find("Лис Анна") == 3
    assert managers.find("Ерш Олег") == TO_COME
    assert managers.find("Сомов Петр") == 2
    assert managers.find("Никто") is None
    assert name_key("Ёлкин  Иван") == name_key("иван елкин")


def test_a_name_of_several_is_nobodys() -> None:
    managers = Managers(PRESENT, [("M7", "Мария Орлова")])
    assert managers.find("Мария Орлова") is None
    assert managers.is_ambiguous("Мария Орлова")
    assert not Managers(PRESENT, [("M1", "Мария Орлова")]).is_ambiguous("Мария Орлова")
