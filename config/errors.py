"""What is wrong with the configuration, all of it at once, in sentences for the operator."""


class ConfigurationError(Exception):
    """The configuration cannot be used. Each problem names the file, the key and the wrong value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
