from callbacks.models.callback import Attempt, Callback
from callbacks.models.rules import AfterSilence, CallbackRules
from callbacks.models.survey import Survey

__all__ = ["AfterSilence", "Attempt", "Callback", "CallbackRules", "Survey"]
