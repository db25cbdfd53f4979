"""What is sold and how a sale goes: products, the stages of both pipelines, currencies."""

from .forms import frame

# product, category, solution, how often it is sold (large, fast), how much dearer, how much easier to win
PRODUCTS = (
    ("智造云 FabCloud", "软件 Software", "智能工厂 Smart factory", 1.2, 0.4, 1.15, 0.10),
    ("质检眼 InspectEye", "软件 Software", "智能工厂 Smart factory", 0.7, 1.0, 0.85, 0.25),
    ("数仓通 DataBridge", "数据 Data", "数据治理 Data governance", 1.0, 0.8, 1.0, 0.0),
    ("指标盘 MetricDeck", "数据 Data", "数据治理 Data governance", 0.4, 1.3, 0.7, 0.2),
    ("云迁移 CloudShift", "云 Cloud", "上云 Cloud move", 1.1, 0.5, 1.3, -0.25),
    ("容灾盾 SafeMirror", "云 Cloud", "上云 Cloud move", 0.7, 0.7, 1.0, -0.1),
    ("网安哨 NetSentry", "安全 Security", "安全运营 Security operations", 0.8, 1.0, 0.9, -0.2),
    ("零信任 TrustGate", "安全 Security", "安全运营 Security operations", 0.6, 0.6, 1.05, -0.35),
    ("驻场服务 OnSite", "服务 Services", "运维托管 Managed services", 0.5, 1.1, 0.8, 0.35),
)
CATEGORIES = tuple(dict.fromkeys(product[1] for product in PRODUCTS))
SOLUTIONS = tuple(dict.fromkeys(product[2] for product in PRODUCTS))

TRACKS = ("large", "fast")
PIPELINES = ("大项目 Large projects", "快单 Fast lane")
# per track: stage, probability, target days, key actions
_OPEN_STAGES = (
    (
        ("立项确认 Qualify", 0.05, 25, ("确认预算 Confirm budget", "找到决策人 Find the decider")),
        ("需求调研 Discover", 0.12, 30, ("现场调研 Site survey", "需求清单 Needs list")),
        ("方案设计 Design", 0.25, 35, ("方案评审 Solution review", "价值测算 Value case")),
        ("技术验证 Prove", 0.40, 35, ("概念验证 Proof of concept", "样板参观 Reference visit")),
        ("投标 Bid", 0.52, 30, ("标书评审 Bid review", "澄清答疑 Clarification")),
        ("商务谈判 Negotiate", 0.68, 25, ("价格审批 Price approval", "高层会晤 Executive meeting")),
        ("合同签署 Contract", 0.88, 15, ("法务审核 Legal review", "签约安排 Signing")),
    ),
    (
        ("接洽 Contact", 0.18, 10, ("首次拜访 First visit",)),
        ("报价 Quote", 0.38, 12, ("报价审批 Quote approval", "产品演示 Product demo")),
        ("议价 Bargain", 0.60, 10, ("折扣审批 Discount approval",)),
        ("下单 Order", 0.85, 6, ("合同盖章 Seal the contract",)),
    ),
)
STAGE_COUNT = tuple(len(stages) for stages in _OPEN_STAGES)
WON, LOST = "赢单 Won", "丢单 Lost"
# every stage of both tracks in one list: the open ones, won, lost of each track in turn
STAGE_NAMES = tuple(name for stages in _OPEN_STAGES for name in (*(s[0] for s in stages), WON, LOST))
STAGE_KINDS = tuple(kind for n in STAGE_COUNT for kind in (*["open"] * n, "won", "lost"))
STAGE_OFFSET = (0, STAGE_COUNT[0] + 2)
KEY_ACTIONS = tuple(stage[3] for stages in _OPEN_STAGES for stage in (*stages, (0, 0, 0, ()), (0, 0, 0, ())))

CURRENCIES = ("CNY", "USD", "EUR")


def frames():
    """product, stage and key_action: the same for every demo."""
    product, category, solution = list(zip(*PRODUCTS, strict=True))[:3]
    return {
        "product": frame(product=product, category=category, solution=solution),
        "stage": _stages(),
        "key_action": _key_actions(),
    }


def _stages():
    rows: list[tuple] = []
    for pipeline, stages in zip(PIPELINES, _OPEN_STAGES, strict=True):
        rows += [(pipeline, s[0], i, "open", s[1], s[2]) for i, s in enumerate(stages, 1)]
        rows.append((pipeline, WON, len(stages) + 1, "won", 1.0, None))
        rows.append((pipeline, LOST, len(stages) + 2, "lost", 0.0, None))
    names_ = ("pipeline", "stage", "position", "kind", "probability", "target_days")
    return frame(**dict(zip(names_, map(list, zip(*rows, strict=True)), strict=True))).astype({"target_days": "Int64"})


def _key_actions():
    rows = [
        (pipeline, stage[0], action, position)
        for pipeline, stages in zip(PIPELINES, _OPEN_STAGES, strict=True)
        for stage in stages
        for position, action in enumerate(stage[3], 1)
    ]
    names_ = ("pipeline", "stage", "key_action", "position")
    return frame(**dict(zip(names_, map(list, zip(*rows, strict=True)), strict=True)))
