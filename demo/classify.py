"""What a complaint's words say: the category an agent would choose, its nature, and whether the customer threatens.

The rules are ordered from the telling to the vague, and the first that fits wins: "charged for a modem that I own" is a
matter of equipment before it is one of charges. Words that name no more than a kind ("billing", "internet") lead to the
leaf for the rest of that kind, and a text without any such word is a matter of service as a whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

LAST_RESORT = "service.overall.other"


class Certainty(Enum):
    """How much the words gave away."""

    SPECIFIC = "specific"
    KIND_ONLY = "kind only"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is made of a text: a leaf of the category tree, a nature, and whether it is a threat (flag D)."""

    category: str
    certainty: Certainty
    nature: str
    threatens: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A meaning, and groups of words of which each must be found."""

    meaning: str
    groups: tuple[re.Pattern[str], ...]

    def fits(self, words: str) -> bool:
        """Whether each group is found in plain words, in whatever order."""
        return all(group.search(words) for group in self.groups)


def read(text: str) -> Reading:
    """The reading of a complaint's text; the same text is always read the same way."""
    words = plain(text)
    category, certainty = _category_of(words)
    return Reading(
        category=category,
        certainty=certainty,
        nature=_first_fit(NATURES, words) or "complaint",
        threatens=THREAT.fits(words),
    )


def plain(text: str) -> str:
    """Small letters and digits with single blanks between the words; "won't" becomes "wont"."""
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"['’`]", "", text.lower())))


def _category_of(words: str) -> tuple[str, Certainty]:
    if specific := _first_fit(SPECIFIC, words):
        return specific, Certainty.SPECIFIC
    if kind := _first_fit(KINDS, words):
        return kind, Certainty.KIND_ONLY
    return LAST_RESORT, Certainty.NOTHING


def _first_fit(rules: Sequence[Rule], words: str) -> str | None:
    return next((rule.meaning for rule in rules if rule.fits(words)), None)


def _rule(meaning: str, *groups: str) -> Rule:
    """A rule whose words may go on: "charg" is found in charge, charged and charging, though not in overcharge."""
    return Rule(meaning, tuple(re.compile(rf"\b(?:{group})") for group in groups))


THREAT = _rule(
    "D",
    r"fcc|ftc|bbb|better business bureau|attorney|lawyer|lawsuit|sue\b|suing|(?:legal|class) action|small claims"
    r"|court\b|media\b|newspaper|cant be quiet|public utilit",
)

NATURES = [
    _rule(
        "suggestion", r"please (?:allow|make|add|regulate|stop)|should (?:be|have|offer|allow)|suggest|propos|petition"
    ),
    _rule("suggestion", r"needs (?:more )?competition"),
    _rule("enquiry", r"questions? (?:about|on|for)|inquiry|enquir|how (?:do|can|to)\b|why (?:is|do|does|am|are)\b"),
    _rule("enquiry", r"legality|no way to see|intern[ae]t essential|availability for|dns web|xfinity movers"),
    _rule(
        "opinion", r"monopol|compet|expensive|overpric|price gouging|too (?:damn )?high|neutrality|lack of isp choice"
    ),
    _rule("opinion", r"greed|unhappy|disappoint|sucks?\b|anti consumer|stockholder|merger"),
]

# Groups of words that several rules share.
MONEY = r"over ?charg|charg|bill|fees?\b|pay|paid|rent|lease|collect"
FALSE = (
    r"false|fals|mislead|misled|decept|deceiv|deceit|decev|misrepresent|miss represented|dishonest|fraud|fradu?l|unfair"
)
SPEED = r"slow|speeds?\b(?! internet)|mbps|\d+ ?mb|bandwidth|50mb|performance|dial up"
EQUIPMENT = r"modem|router|equip|box\b|cablebox"
LEAVING = r"cancel|terminat|disconnect|discontin|clos(?:e|ed|ing)\b|stoppage"
PRICE = r"pric|rates?\b|costs?\b|proce\b"
LINE = r"internet|intern|service|connection|comcast|system|account|broadband|phone|cable"

SPECIFIC = [
    # Applications of partners that refuse our customers.
    _rule("broadband.access.partner-sign-in", r"hbo|playstation|ps[34]\b|sony|xbox|fire tv|without cable box"),
    # Companies. "Business practices" are no company's.
    _rule("enterprise.line.outage", r"business", r"down\b|losses"),
    _rule("enterprise.account.contract", r"comcast business|business account|on business", r"contract|terminat"),
    _rule("enterprise.account.billing", r"business (?:class|internet|account)", MONEY + "|expensive"),
    _rule(
        "enterprise.service.other",
        r"comcast business(?! prac)|(?:my|our|home) business|dental practice|commercial prop",
    ),
    _rule("enterprise.service.other", r"business (?:class|internet|phone|service|account|residential)"),
    # The safety of accounts and persons.
    _rule("security.fraud.impersonation", r"virus|pop up|claiming to be|phish|spoof"),
    _rule("security.fraud.identity-theft", r"identity|forgery|fraudulent (?:account|use)"),
    _rule(
        "security.privacy.account-changed",
        r"account info|bank account|username",
        r"took|unauth|without auth|suspend|changed",
    ),
    _rule("security.privacy.hacked", r"hack"),
    _rule("security.privacy.leak", r"privacy|personal info|injection"),
    _rule("security.fraud.nuisance", r"cyber"),
    _rule("security.fraud.scam", r"scam", r"contest|concerning|craigslist"),
    # Metered use.
    _rule("billing.usage.meter", r"data|usage|bandwidth", r"meter|measur|actually used"),
    _rule("billing.usage.overage", r"overages?\b|over the limit|additional usage|over \d+ for data"),
    _rule("billing.usage.data-cap", r"(?:data)?caps?\b|capp|300 ?gb?|unlimited"),
    _rule(
        "billing.usage.data-cap", r"data\b", r"limit|allow|thresh|plan|us(?:age|eage|e)\b|polic|charg|bill|trial|burn"
    ),
    _rule("billing.usage.data-cap", r"usage|useage|bandwidth", r"limit|allowance|threshold"),
    # People sent to the customer, and what they leave behind.
    _rule(
        "broadband.installation.no-show", r"no (?:\w+ )?shows?\b|app(?:oin)?t|show (?:up|for)|without anyone arriving"
    ),
    _rule("billing.charges.visit-fee", MONEY, r"technician|tech\b|visit|troubleshoot|service call"),
    _rule("billing.charges.installation-fee", MONEY + "|costs", r"install|activation"),
    _rule(
        "broadband.repair.damage",
        r"damage|property access|trespass|grounding|splitter|exterior line|under ?water|cable line",
    ),
    _rule(
        "broadband.installation.delayed",
        r"install|imstall|hook ?up|set up\b|not complete|connecting the|connect service",
    ),
    _rule("broadband.installation.delayed", r"provisioning|upgrade that never"),
    # Equipment.
    _rule("billing.equipment.returned", EQUIPMENT, r"return|unreturned"),
    _rule("billing.equipment.own-device", EQUIPMENT, r"own\b|owned|bought|non rented|didnt have|personally"),
    _rule("billing.equipment.rental", EQUIPMENT, MONEY + "|price"),
    _rule("billing.equipment.deposit", r"deposit"),
    _rule("broadband.equipment.modem", EQUIPMENT),
    _rule("tv.box.broken", r"dvr\b|x1\b"),
    # Leaving, and what is signed.
    _rule("contract.termination.fee", r"etf\b|early term|(?:terminat|cancel)\w* fee|when cancel"),
    _rule("billing.charges.after-termination", LEAVING, r"bill|charg|after|still|demand|overpaid"),
    _rule("contract.termination.refused", r"cancel|terminat|discontin|stoppage|close my account|closed account"),
    _rule("contract.change.address", r"transfer|relocat|moves?\b|moving|movers|new location"),
    _rule(
        "contract.terms.not-agreed", r"contract|agreement", r"forced|extort|unauth|without my|fradulently|false|never"
    ),
    _rule(
        "contract.terms.not-kept",
        r"contract|agree|terms\b|plan\b|merger",
        r"honor|broke|viola|uh?p?hold|refus|breach|increas",
    ),
    _rule("contract.terms.disputed", r"contract|agreement|terms\b|protection plan"),
    # Cut off by us.
    _rule("suspension.wrongful.paid-up", r"disconnect|shut", r"pay|paid|due|bill|threat"),
    _rule(
        "suspension.wrongful.without-notice",
        r"disconnected (?:my|accident)|service disconnected|disconnection of service",
    ),
    _rule(
        "suspension.wrongful.without-notice", r"turned off|shut ?off|inexplicable disconnect|suspend|denial of service"
    ),
    # Slowed down on purpose or kept out; then slow as such.
    _rule(
        "broadband.speed.throttled",
        r"throttl|slow\w* down|slowing|being slowed|intentional|delib|reduced my|lowering|cut in half",
    ),
    _rule("broadband.access.streaming", r"netflix|streaming|videos?\b|buffer"),
    _rule(
        "broadband.access.blocked", r"blocking|blocks|udp|neutrality|open internet|oio|bars\b|jamming|limiting service"
    ),
    _rule("broadband.speed.latency", r"latency|ping\b|packet"),
    _rule("broadband.speed.evening", SPEED + "|internet|service", r"evenings?\b|nights?\b|nightly|peak"),
    _rule(
        "broadband.speed.below-contract",
        SPEED,
        r"advert|promis|pay|paid|claim|less than|disclos|match|dishonest|integrity",
    ),
    _rule(
        "broadband.speed.below-contract",
        SPEED,
        r"deliver|provide|lower|receiv|nowhere|wrong|charg|as low|not as\b|" + FALSE,
    ),
    _rule(
        "broadband.speed.below-contract",
        r"not getting what|underdeliver|under deliver|hi(?:gh)? speed",
        r"pay|under|what",
    ),
    _rule("broadband.speed.unstable", SPEED, r"consisten|inconsisten|unreliab|reliab|fluct|drops"),
    _rule("broadband.speed.slow", SPEED + "|slower|slowness|lack of internet speed"),
    # Not there, gone, or coming and going.
    _rule(
        "broadband.installation.not-covered",
        r"avail|unavail|infrastructure|neighbou?rhood|no broadband|run lines|subdivision",
    ),
    _rule(
        "broadband.installation.not-covered",
        r"refus\w* (?:to )?serv|refusal|denial of comcast|denies|residential address",
    ),
    _rule(
        "broadband.installation.not-covered",
        r"(?:not|wont) service|internet needed|to get access|add service|access to service",
    ),
    _rule(
        "broadband.outage.multi-service",
        r"no (?:internet|service)|out+ages?|not working",
        r"phone|cable|tv\b|on demand|to boot",
    ),
    _rule("broadband.outage.area", r"out+ages?\b", r"area|extended|ongoing|routine|prolonged|all the time"),
    _rule(
        "broadband.outage.complete",
        r"no (?:\w+ )?(?:internet|service|seevice|connection|access)\b|out+ages?|services? out\b",
    ),
    _rule(
        "broadband.outage.complete", LINE, r"down\b|not work|nt work|non working|lost|loss|not have|barely|never able"
    ),
    _rule(
        "broadband.outage.complete",
        r"(?:failure|failed|fails?|unable|inability|not) (?:\w+ )?(?:provid|deliver|supply|fulfil|serv)",
    ),
    _rule(
        "broadband.outage.complete",
        r"non ?working|not working|lack of service|failure of|not receiving internet|does not deliver",
    ),
    _rule(
        "broadband.outage.frequent",
        r"intermit|disconnect|drop|reliab|unreliab|interrupt|interuption|inconsisten|consisten|freez",
    ),
    _rule(
        "broadband.outage.frequent",
        r"disrupt|constant (?:loss|internet)|connecti|continuous|signal|going down|unstable|spotty",
    ),
    _rule("broadband.equipment.wifi", r"wi ?fi\b|wireless"),
    _rule("broadband.account.mailbox", r"e ?mails?\b"),
    _rule("broadband.account.sign-in", r"online ?(?:access|billing)|log ?in|password|setup"),
    _rule("vas.home.alarm", r"alarm|security"),
    _rule("mobile.voice.fixed-line", r"voip|911|phone (?:not|line|number)|telephone connect|drop calls|locals"),
    # What was offered, and what it turned out to be.
    _rule(
        "marketing.plan.unauthorised",
        r"slamm|cramm|unauthor|declined|downgraded|upgrade without|changed my|order (?:it|stuff)",
    ),
    _rule(
        "marketing.plan.unauthorised",
        r"(?:not|never|didnt) (?:order|request|ask|want|agree|auth)|add(?:ing|ed) serv|unknowingly",
    ),
    _rule("marketing.plan.unauthorised", r"(?:consent|permission)", r"without|or\b|customer"),
    _rule(
        "marketing.plan.bundling",
        r"bundl|packag|pkg\b|triple play|internet only|only want internet|forc\w* (?:\w+ )*(?:cable|tv)",
    ),
    _rule("marketing.offer.bait", r"bait|switch|quot|one price|sold (?:me|one)"),
    _rule("marketing.offer.bait", PRICE, r"advert|adert|higher"),
    _rule(
        "marketing.offer.not-honoured",
        r"hono[u]?r|promi?s|prommis|rescind|unfulfilled|went back|goes back|denied|gift|rebate",
    ),
    _rule("marketing.offer.not-honoured", r"promo|offer|deals?\b|discount|incentive|marketing materials"),
    _rule("marketing.offer.misleading", r"advert|sales|selling|sell\b|market|commercials|disclosure"),
    _rule("marketing.offer.misleading", FALSE, r"info|service|hsi\b|customer|communicat|trade|claims|statement"),
    # Charges, from the particular to the general.
    _rule("billing.payment.credit-check", r"credit (?:check|report|card)|hard inquir"),
    _rule("billing.payment.collection", r"collection|diversified consultants|debt"),
    _rule("billing.payment.autopay", r"automatic pay|auto ?draft|autodraft|withdraw|bank fee"),
    _rule("billing.refund.credit-missing", r"credits?\b"),
    _rule("billing.refund.refused", r"rr?efund|re ?imburs|owe|owing|prorate"),
    _rule("billing.charges.late-fee", r"late (?:fee|pay)"),
    _rule("billing.charges.duplicate", r"doubl\w* (?:bill|charg)|charged? double|back to back|multiple bill"),
    _rule(
        "billing.charges.not-received",
        MONEY,
        r"not (?:\w+ )?(?:rendered|rec\w+|provided)|without serv|with ?out fix|never|wont|cannot",
    ),
    _rule(
        "billing.charges.not-received", MONEY, r"unable|partial|no s|underperform|unusable|inactive|not used|can not"
    ),
    _rule("billing.payment.not-credited", r"payments?\b|pmts"),
    _rule(
        "billing.charges.price-rise",
        MONEY + "|" + PRICE,
        r"increas|rais|hik|rising|doubl|twice|went up|goes up|infla|fluct|flucu",
    ),
    _rule(
        "billing.charges.price-rise",
        MONEY + "|" + PRICE,
        r"keeps? chang|manipulat|adjust|change|ever increasing|higher",
    ),
    _rule(
        "billing.charges.unexplained",
        r"hidden|unexplain|bogus|fake|erron|invalid|misc\b|unjust|unrelated|interstructure|egreg",
    ),
    _rule(
        "billing.charges.unexplained",
        MONEY,
        r"fraud|fradu|illegal|undisclos|notic|notif|warning|unnecessary|additional|extra",
    ),
    _rule("billing.charges.unexplained", MONEY, r"disclos|unknow|tack on|slamm|imposed"),
    _rule(
        "billing.statement.wrong",
        MONEY + "|prices",
        r"incorrect|inaccurate|improper|wrong|faulty|false|err|mistake|discrep",
    ),
    _rule("billing.statement.wrong", MONEY, r"incomplete|confus|inappropriate|inconsistent|exaggerat|misrepresent"),
    _rule("billing.statement.format", r"eco ?bill|paper bill"),
    _rule("billing.statement.not-received", r"no bill\b"),
    _rule(
        "billing.charges.wrong-rate", r"over ?(?:charg|bill|pay)|ripping|rip off|steal|thie[fv]|theft|robb|charged me"
    ),
    _rule("billing.charges.wrong-rate", MONEY, r"too much|excessive|agreed|incorrect|amount"),
    _rule(
        "billing.charges.unfair",
        MONEY,
        r"unfair|practice|pratice|dispute|decei|decept|dishonest|shady|ridiculous|predator|outrageous",
    ),
    _rule("billing.charges.unfair", MONEY, r"techniq|polic|scam|bull|horrific|unwarrant|monopol|manipulat"),
    _rule(
        "marketing.practice.pricing",
        PRICE + "|expensive|overpric|goug|too (?:damn )?high|low income|intern[ae]t essential",
    ),
    _rule("marketing.practice.pricing", r"high", r"bill|payment"),
    _rule("marketing.practice.no-choice", r"monopol|compet|choice|exclusiv|oligopol|merger|discriminat|only provider"),
    _rule(
        "marketing.practice.deceptive",
        FALSE + r"|scam|lie[sd]?\b|lying|unethical|shady|crook|cheat|illegal|bad practices",
    ),
    _rule(
        "marketing.practice.deceptive", r"extort|corrupt|screwed|malfeas|robber|abuse|business prac|quest\w* pra|scare"
    ),
    # How we behaved.
    _rule("service.attitude.threat", r"harass|threat|bull[yi]|retaliat"),
    _rule("service.attitude.hotline", r"rude|racis|disrespect|hung up|hang ups|attitude|same sex|mistreat"),
    _rule(
        "service.reach.unresolved",
        r"(?:not?|never|non|dont get|refus\w+ to|refusal to|cannot) (?:fix|resol|rectif|correct|been fix)",
    ),
    _rule(
        "service.reach.unresolved",
        r"not fixed|unresol|recurring|repeated|still\b|second complaint|complaint 2|re escalation|fed up",
    ),
    _rule("service.reach.unresolved", r"continu|endless|have returned|taking almost|over and over|ongoing"),
    _rule("service.reach.passed-around", r"run ?around|ring around|passing|passed"),
    _rule(
        "service.reach.no-call-back",
        r"communicat|respon|unrespons|ignor|get in touch|reach a|asking to speak|refuses to help",
    ),
    _rule("service.reach.no-call-back", r"will not (?:help|let)|no assistance"),
    _rule("service.reach.hotline-wait", r"wait|wasted"),
    _rule("service.advice.wrong", r"miscommunic|intrenal|incompeten|inept|accurate information|wrong info|misinform"),
    _rule("service.online.chat", r"chat\b"),
    _rule("service.online.website", r"websites?\b|web\b|comcast net\b|xfinity com\b"),
    _rule("marketing.contact.calls", r"calls from|phone calls"),
    _rule("marketing.contact.messages", r"spam|opt out|unwanted|magazine|ads\b"),
    _rule("service.attitude.hotline", r"customer (?:serv|care|support|treat)|representative|agents?\b"),
    _rule(
        "broadband.general.quality", r"bad|poor|awful|horr|terr|low\b|improper|unreasonable|atrocious|debacle", r"inter"
    ),
    _rule(
        "broadband.general.quality", r"inter\w*", r"issue|problem|complaint|quality|fail|accept|fix|help|performance"
    ),
    _rule(
        "service.overall.quality",
        r"bad\b|poor|horr|terrible|awful|worst|shit|abysmal|unsatisf|atroc|degraded|low quality",
    ),
    _rule(
        "service.overall.quality", r"inadequa|failing|nightmare|hassle|sucks?\b|hate|incredibl|quality loss|mediocre"
    ),
    _rule("service.overall.quality", r"service\w*", r"issue|problem|complaint|quality|fail|level|consisten|lack"),
    _rule("tv.picture.channel-missing", r"channel|on demand"),
]

KINDS = [
    _rule("billing.charges.other", r"bill|charg|fees?\b|pay"),
    _rule(
        "broadband.general.other",
        r"int?e?rr?n|inter|imter|broadband|isp\b|dsl\b|fiber|high speed|bandwidth|upload|online",
    ),
    _rule("tv.picture.other", r"cable|tv\b|television|uverse|directv"),
    _rule("mobile.voice.fixed-line", r"phone|telephone"),
    _rule("service.overall.quality", r"serv|sercice|support|tech|help"),
    _rule("contract.change.holder", r"acc\w*nts?\b|accourt"),
]
