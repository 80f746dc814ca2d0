def quiz_answers():
    import tomllib

    with open(kit.REPOSITORY_ROOT / "data" / "quizzes" / "108_initialization.toml", "rb") as file:
        questions = tomllib.load(file)["questions"]
    right = (next(i for i, option in enumerate(q["options"]) if option.get("right")) for q in questions)
    return {number: "abcd"[i] for number, i in enumerate(right, start=1)}
