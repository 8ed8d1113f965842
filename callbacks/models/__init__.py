from callbacks.models.callback import Attempt, Callback
from callbacks.models.campaign import Campaign, Sample
from callbacks.models.rules import AfterSilence, CallbackRules
from callbacks.models.survey import Survey

__all__ = ["AfterSilence", "Attempt", "Callback", "CallbackRules", "Campaign", "Sample", "Survey"]
