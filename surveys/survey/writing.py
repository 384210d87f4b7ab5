"""A survey as a file of YAML, which reads back as the same version."""

import yaml

from surveys.survey.definition import Survey

_WIDTH = 100


class _Plain(yaml.SafeDumper):
    """Writes a text again where it stands twice: anchors are no way to read a survey."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def survey_to_yaml(survey: Survey) -> str:
    """Write a survey in the order of its description, what is usual left out."""
    data = survey.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=_WIDTH)
