"""Chinese reviews of restaurants and films, written by hand for this lab; nobody else's words."""

from shared.data.registry import open_dataset
from shared.data.tables import Table

CHINESE = "chinese-reviews"
"""The name of the data set."""
GOOD, BAD = "好评", "差评"

_GOOD = (
    "鱼头汤熬得奶白，喝完一碗身上都暖了。",
    "老板记得我不吃香菜，这样的小店值得常来。",
    "排队半小时，第一口牛肉面下去就觉得值了。",
    "锅贴底子焦脆，肉馅带汁，一个人吃了十二个。",
    "服务员主动帮我们换了大桌，上菜也快。",
    "豆花细嫩，辣油香而不燥，早上来一碗很舒服。",
    "环境安静，适合和朋友慢慢聊天，茶也泡得讲究。",
    "价格实在，分量足，带父母来他们都说好。",
    "烤鸭皮脆肉嫩，片得又薄又匀，蘸酱也香。",
    "甜点不腻，芋泥是现蒸的，吃得出用心。",
    "镜头干净，演员的眼神里全是戏，看完久久不想起身。",
    "笑点自然，结尾又让人鼻子一酸，推荐带家人去看。",
    "剧本扎实，三条线最后合在一起，非常过瘾。",
    "配乐一响起来，我的眼泪就没停过，是今年最喜欢的片子。",
    "动画做得细腻，连雨点落在瓦上的声音都好听。",
    "节奏紧凑，两个小时一点也不觉得长。",
    "老演员的功底真好，一个背影就把孤独演出来了。",
    "故事简单却动人，孩子看懂了，大人看哭了。",
    "摄影很美，每一帧都可以当壁纸。",
    "反转合情合理，回头看处处是伏笔，佩服编剧。",
)
_BAD = (
    "等了一个小时，端上来的菜还是凉的。",
    "汤里有一根头发，找店员，对方只说换一碗就走了。",
    "牛排又老又柴，嚼得腮帮子疼，再也不会来。",
    "价格翻了一倍，分量却少了一半，太不值。",
    "桌子黏手，筷子上还有饭粒，卫生实在让人担心。",
    "服务员爱理不理，催了三次水也没送来。",
    "米饭夹生，青菜发黄，外卖照片和实物差太远。",
    "所谓招牌菜咸得发苦，喝了一晚上的水。",
    "停车难，排队乱，味道也很一般，不推荐。",
    "蛋糕一股隔夜的味道，吃了一口就扔了。",
    "剧情拖拉，看到一半我就睡着了，浪费票钱。",
    "演员念台词像背课文，一点感情都没有。",
    "特效粗糙，怪物像贴上去的，尴尬得想离场。",
    "结局烂尾，前面铺垫的人物全都没了下文。",
    "笑话陈旧，全场没有一个人笑出来。",
    "剪辑混乱，根本看不懂谁是谁。",
    "广告植入太多，简直是两个小时的宣传片。",
    "原著那么好，被改成这样，失望透顶。",
    "对白空洞，除了喊口号什么也没讲。",
    "配音和口型对不上，从头难受到尾。",
)


def chinese_reviews() -> Table:
    """Good and bad ones in turn, half of each about food, half about films."""
    texts = [text for pair in zip(_GOOD, _BAD, strict=True) for text in pair]
    return Table(CHINESE, {"text": texts, "label": [GOOD, BAD] * len(_GOOD)}, "embedded")


def open_named(name: str) -> Table:
    """The lab's own reviews, or a data set of the hub. Raises HubError."""
    return chinese_reviews() if name == CHINESE else open_dataset(name)
