"""What the checks share: counting and printing them, expecting errors, waiting."""

import time

from botocore.exceptions import ClientError


class Checks:
    """Runs checks and prints one line for each."""

    def __init__(self):
        self.failed = 0
        self.passed = 0

    def __call__(self, name):
        """Decorator: runs a function as a check at once. Gives its result, or None when it failed."""

        def run(function):
            try:
                result = function()
            except Exception as error:  # whatever it is, the other checks go on
                self.failed += 1
                print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)
                return None
            self.passed += 1
            print(f"ok   {name}", flush=True)
            return result

        return run


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def refused(code, status, function, **parameters):
    """The message of the error that a call must answer with."""
    try:
        function(**parameters)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code)
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], status)
        message = error.response["Error"]["Message"]
        assert message, f"{code} has no message"
        return message
    raise AssertionError(f"the call was not refused with {code}")


def until(what, seconds, probe):
    """Polls until the probe gives something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = probe()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not in {seconds} s: {what}")
