from tests.telegram import ann, api, sandbox, sim

__all__ = ["ann", "api", "sandbox", "sim"]
