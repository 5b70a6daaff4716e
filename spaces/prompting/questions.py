"""Twenty word problems with whole-number answers, in both languages, to measure prompts with.

Each is told with its arithmetic; a test works it out and checks the answer and the numbers in the words."""

from dataclasses import dataclass

from spaces.prompting.lab import Example, Language


@dataclass(frozen=True)
class Problem:
    """A question, the sum behind it, and what it comes to."""

    en: str
    zh: str
    sum: str
    answer: int

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


PROBLEMS = (
    Problem(
        "The canteen has 23 apples. It uses 20 for lunch and buys 6 more. How many apples does it have now?",
        "食堂有23个苹果，午餐用掉20个，又买了6个。现在有多少个苹果？",
        "23 - 20 + 6",
        9,
    ),
    Problem(
        "A basket holds 7 pears. Anna puts 5 more pears in. How many pears are in the basket?",
        "篮子里有7个梨，小安又放进5个。篮子里有多少个梨？",
        "7 + 5",
        12,
    ),
    Problem(
        "The cook has 18 eggs and breaks 6 of them into a pan. How many eggs are left?",
        "厨师有18个鸡蛋，打了6个下锅。还剩多少个鸡蛋？",
        "18 - 6",
        12,
    ),
    Problem(
        "There are 4 tables in the canteen with 6 chairs at each table. How many chairs are there?",
        "食堂有4张桌子，每张桌子配6把椅子。一共有多少把椅子？",
        "4 * 6",
        24,
    ),
    Problem(
        "The baker shares 24 rolls equally among 8 children. How many rolls does each child get?",
        "24个小面包平均分给8个孩子。每个孩子分到多少个？",
        "24 / 8",
        3,
    ),
    Problem(
        "A box holds 12 oranges. The kitchen orders 3 boxes and uses 10 oranges. How many oranges are left?",
        "一箱有12个橙子。厨房订了3箱，用掉10个。还剩多少个橙子？",
        "12 * 3 - 10",
        26,
    ),
    Problem(
        "Ben buys 2 sandwiches at 4 dollars each and a juice for 3 dollars. How many dollars does he pay?",
        "小本买了2个三明治，每个4元，又买了一杯3元的果汁。他一共付多少元？",
        "2 * 4 + 3",
        11,
    ),
    Problem(
        "Mia has 20 dollars and buys 3 cakes at 5 dollars each. How many dollars does she have left?",
        "小米有20元，买了3块蛋糕，每块5元。她还剩多少元？",
        "20 - 3 * 5",
        5,
    ),
    Problem(
        "In the morning 35 people eat in the canteen, at noon 48. How many people is that in all?",
        "早上有35人在食堂吃饭，中午有48人。一共有多少人？",
        "35 + 48",
        83,
    ),
    Problem(
        "A farmer picks 40 lemons, gives 15 to a neighbour and sells 12. How many lemons does he keep?",
        "农夫摘了40个柠檬，送给邻居15个，卖掉12个。他还留着多少个？",
        "40 - 15 - 12",
        13,
    ),
    Problem(
        "Tom has 9 marbles. Lily has 2 times as many. How many marbles do they have together?",
        "小汤有9颗弹珠，小丽的弹珠是他的2倍。两人一共有多少颗？",
        "9 + 2 * 9",
        27,
    ),
    Problem(
        "A bus has 30 seats. At the stop 17 people are on it; 5 get off and 8 get on. "
        "How many seats are free?",
        "公交车有30个座位，到站时车上有17人，下去5人，上来8人，人人都坐着。还空着多少个座位？",
        "30 - (17 - 5 + 8)",
        10,
    ),
    Problem(
        "A school has 5 classes with 22 pupils in each; 10 pupils are ill. How many pupils are at school?",
        "学校有5个班，每班22名学生，今天有10名请病假。到校的有多少名学生？",
        "5 * 22 - 10",
        100,
    ),
    Problem(
        "The baker makes 60 buns and packs them in bags of 4. He sells 9 bags. How many bags are left?",
        "面包师做了60个小面包，每4个装一袋，卖掉了9袋。还剩多少袋？",
        "60 / 4 - 9",
        6,
    ),
    Problem(
        "Sam reads 15 pages a day for 6 days. The book has 120 pages. How many pages are still to read?",
        "小山每天读15页，读了6天。这本书有120页，还有多少页没读？",
        "120 - 15 * 6",
        30,
    ),
    Problem(
        "A jar holds 50 sweets. 4 friends take 7 sweets each. How many sweets are left in the jar?",
        "罐子里有50颗糖，4个朋友每人拿走7颗。罐子里还剩多少颗？",
        "50 - 4 * 7",
        22,
    ),
    Problem(
        "Two shelves hold 14 cups each, and 3 cups are broken and thrown away. "
        "How many cups are there on the 2 shelves?",
        "2个架子上各有14个杯子，其中3个打破扔掉了。架子上还有多少个杯子？",
        "2 * 14 - 3",
        25,
    ),
    Problem(
        "A ticket costs 8 dollars for an adult and 5 dollars for a child. "
        "How many dollars do 2 adults and 3 children pay?",
        "成人票8元一张，儿童票5元一张。2个成人和3个孩子一共付多少元？",
        "2 * 8 + 3 * 5",
        31,
    ),
    Problem(
        "The kitchen has 45 potatoes. Each of 6 pots gets 5 potatoes, and then 10 more are bought. "
        "How many potatoes does the kitchen have then?",
        "厨房有45个土豆，6口锅里各放了5个，之后又买了10个。厨房现在有多少个土豆？",
        "45 - 6 * 5 + 10",
        25,
    ),
    Problem(
        "A film starts with 96 people in the hall. Half of them leave, that is 96 divided by 2, "
        "and 7 come in late. How many people are in the hall now?",
        "电影开场时厅里有96人，后来走了一半，也就是96除以2，又迟到进来7人。现在厅里有多少人？",
        "96 - 96 / 2 + 7",
        55,
    ),
)

WORKED: dict[Language, tuple[tuple[str, str, int], ...]] = {
    "en": (
        (
            "Roger has 5 tennis balls and buys 2 cans with 3 balls in each. "
            "How many tennis balls does he have now?",
            "Roger starts with 5 balls. 2 cans with 3 balls each are 2 * 3 = 6 balls. 5 + 6 = 11.",
            11,
        ),
        (
            "There are 15 trees in the park. Workers cut down 4 and plant 9. How many trees are there now?",
            "There are 15 trees. After cutting there are 15 - 4 = 11 trees. 11 + 9 = 20.",
            20,
        ),
        (
            "Lena has 30 stickers and gives 6 to each of 3 friends. How many stickers does she have left?",
            "3 friends with 6 stickers each are 3 * 6 = 18 stickers. 30 - 18 = 12.",
            12,
        ),
    ),
    "zh": (
        (
            "罗杰有5个网球，又买了2罐，每罐3个。他现在有多少个网球？",
            "罗杰开始有5个球。2罐、每罐3个，是 2 * 3 = 6 个球。5 + 6 = 11。",
            11,
        ),
        (
            "公园里有15棵树，工人砍掉4棵，又种了9棵。现在有多少棵树？",
            "原有15棵树。砍掉后是 15 - 4 = 11 棵。11 + 9 = 20。",
            20,
        ),
        (
            "莉娜有30张贴纸，送给3个朋友每人6张。她还剩多少张？",
            "3个朋友、每人6张，是 3 * 6 = 18 张。30 - 18 = 12。",
            12,
        ),
    ),
}
"""Solved problems for the strategies with examples: question, steps, answer."""

_ENDING = {"en": "The answer is {answer}.", "zh": "答案是{answer}。"}


def examples_for(strategy: str, language: Language) -> tuple[Example, ...]:
    """The exchanges a strategy shows first: with the steps for the chain of thought, else the bare answer."""
    steps = strategy == "cot_few_shot"
    gap = " " if language == "en" else ""
    return tuple(
        (asked, f"{worked}{gap}{ending}" if steps else ending)
        for asked, worked, answer in WORKED[language]
        for ending in (_ENDING[language].format(answer=answer),)
    )
