"""The words that the small translator learns, as tables to read: English | German | Chinese."""

# singular, plural (- for none) | German singular, plural, gender, oblique case | Chinese, measure word
NOUNS = {
    "person": """
        man men | Mann Männer m | 男人 个
        woman women | Frau Frauen f | 女人 个
        child children | Kind Kinder n | 孩子 个
        boy boys | Junge Jungen m Jungen | 男孩 个
        girl girls | Mädchen Mädchen n | 女孩 个
        teacher teachers | Lehrer Lehrer m | 老师 位
        doctor doctors | Arzt Ärzte m | 医生 位
        friend friends | Freund Freunde m | 朋友 个
        student students | Schüler Schüler m | 学生 个
        neighbour neighbours | Nachbar Nachbarn m Nachbarn | 邻居 个
    """,
    "kin": """
        mother mothers | Mutter Mütter f | 妈妈 个
        father fathers | Vater Väter m | 爸爸 个
        sister sisters | Schwester Schwestern f | 姐姐 个
        brother brothers | Bruder Brüder m | 哥哥 个
        daughter daughters | Tochter Töchter f | 女儿 个
        son sons | Sohn Söhne m | 儿子 个
        grandmother grandmothers | Großmutter Großmütter f | 奶奶 个
        grandfather grandfathers | Großvater Großväter m | 爷爷 个
        uncle uncles | Onkel Onkel m | 叔叔 个
        aunt aunts | Tante Tanten f | 阿姨 个
    """,
    "animal": """
        dog dogs | Hund Hunde m | 狗 只
        cat cats | Katze Katzen f | 猫 只
        bird birds | Vogel Vögel m | 鸟 只
        horse horses | Pferd Pferde n | 马 匹
        cow cows | Kuh Kühe f | 牛 头
        mouse mice | Maus Mäuse f | 老鼠 只
        rabbit rabbits | Kaninchen Kaninchen n | 兔子 只
        pig pigs | Schwein Schweine n | 猪 头
        duck ducks | Ente Enten f | 鸭子 只
        elephant elephants | Elefant Elefanten m Elefanten | 大象 头
    """,
    "food": """
        apple apples | Apfel Äpfel m | 苹果 个
        banana bananas | Banane Bananen f | 香蕉 根
        orange oranges | Orange Orangen f | 橙子 个
        egg eggs | Ei Eier n | 鸡蛋 个
        cake cakes | Kuchen Kuchen m | 蛋糕 个
        tomato tomatoes | Tomate Tomaten f | 西红柿 个
        potato potatoes | Kartoffel Kartoffeln f | 土豆 个
        pear pears | Birne Birnen f | 梨 个
        carrot carrots | Karotte Karotten f | 胡萝卜 根
        lemon lemons | Zitrone Zitronen f | 柠檬 个
    """,
    "meal": """
        bread - | Brot - n | 面包 -
        rice - | Reis - m | 米饭 -
        soup - | Suppe - f | 汤 -
        cheese - | Käse - m | 奶酪 -
        meat - | Fleisch - n | 肉 -
        chocolate - | Schokolade - f | 巧克力 -
    """,
    "drink": """
        water - | Wasser - n | 水 -
        milk - | Milch - f | 牛奶 -
        coffee - | Kaffee - m | 咖啡 -
        tea - | Tee - m | 茶 -
        juice - | Saft - m | 果汁 -
        beer - | Bier - n | 啤酒 -
        wine - | Wein - m | 葡萄酒 -
    """,
    "text": """
        book books | Buch Bücher n | 书 本
        letter letters | Brief Briefe m | 信 封
        newspaper newspapers | Zeitung Zeitungen f | 报纸 份
        story stories | Geschichte Geschichten f | 故事 个
        poem poems | Gedicht Gedichte n | 诗 首
    """,
    "thing": """
        key keys | Schlüssel Schlüssel m | 钥匙 把
        clock clocks | Uhr Uhren f | 钟 个
        computer computers | Computer Computer m | 电脑 台
        phone phones | Telefon Telefone n | 电话 部
        chair chairs | Stuhl Stühle m | 椅子 把
        lamp lamps | Lampe Lampen f | 灯 盏
        bag bags | Tasche Taschen f | 包 个
        cup cups | Tasse Tassen f | 杯子 个
        bottle bottles | Flasche Flaschen f | 瓶子 个
        knife knives | Messer Messer n | 刀 把
        umbrella umbrellas | Regenschirm Regenschirme m | 雨伞 把
        suitcase suitcases | Koffer Koffer m | 箱子 个
        ball balls | Ball Bälle m | 球 个
        picture pictures | Bild Bilder n | 画 幅
    """,
    "furniture": """
        table tables | Tisch Tische m | 桌子 张
        bed beds | Bett Betten n | 床 张
    """,
    "cloth": """
        shirt shirts | Hemd Hemden n | 衬衫 件
        coat coats | Mantel Mäntel m | 大衣 件
        skirt skirts | Rock Röcke m | 裙子 条
        jacket jackets | Jacke Jacken f | 夹克 件
        sweater sweaters | Pullover Pullover m | 毛衣 件
    """,
    "vehicle": """
        car cars | Auto Autos n | 汽车 辆
        bicycle bicycles | Fahrrad Fahrräder n | 自行车 辆
        bus buses | Bus Busse m | 公交车 辆
        train trains | Zug Züge m | 火车 列
        boat boats | Boot Boote n | 船 条
    """,
    "opening": """
        door doors | Tür Türen f | 门 扇
        window windows | Fenster Fenster n | 窗户 扇
    """,
    "scenery": """
        house houses | Haus Häuser n | 房子 栋
        tree trees | Baum Bäume m | 树 棵
        flower flowers | Blume Blumen f | 花 朵
        bridge bridges | Brücke Brücken f | 桥 座
    """,
}
_THINGS = "food text thing furniture cloth vehicle scenery"
# English | German (stem before an ending) | Chinese before a noun, as a predicate | kinds of noun
ADJECTIVES = f"""
    big | groß | 大 大 | animal {_THINGS}
    small | klein | 小 小 | animal {_THINGS} opening
    new | neu | 新 新 | text thing furniture cloth vehicle
    old | alt | 旧 旧 | text thing furniture cloth vehicle
    red | rot | 红色的 - | thing cloth vehicle scenery opening
    blue | blau | 蓝色的 - | thing cloth vehicle opening
    green | grün | 绿色的 - | thing cloth vehicle opening
    yellow | gelb | 黄色的 - | thing cloth vehicle
    white | weiß | 白色的 - | animal thing cloth vehicle opening
    black | schwarz | 黑色的 - | animal thing cloth vehicle opening
    brown | braun | 棕色的 - | animal thing cloth furniture
    expensive | teuer teur | 昂贵的 贵 | thing cloth vehicle furniture food
    cheap | billig | 便宜的 便宜 | thing cloth vehicle furniture food
    beautiful | schön | 漂亮的 漂亮 | animal thing cloth scenery
    clean | sauber | 干净的 干净 | thing cloth vehicle opening furniture
    dirty | schmutzig | 脏 脏 | thing cloth vehicle opening furniture
    good | gut | 好 好 | text meal drink
    interesting | interessant | 有趣的 有趣 | text
    long | lang | 长 长 | text
    hot | heiß | 热 热 | meal drink
    cold | kalt | 凉 凉 | meal drink
    fresh | frisch | 新鲜的 新鲜 | food meal
    heavy | schwer | 重 重 | thing furniture
    young | jung | 年轻的 年轻 | person
    friendly | freundlich | 友好的 友好 | person animal
    clever | klug | 聪明的 聪明 | person animal
    strong | stark | 强壮的 强壮 | person animal
"""
# Only as predicates, and as reasons: she is tired.
STATES = """
    hungry | hungrig | 饿
    thirsty | durstig | 渴
    tired | müde | 累
    happy | glücklich | 高兴
    sad | traurig | 难过
    busy | beschäftigt | 忙
"""
# English base, third person, past, -ing | German infinitive, ich, du, er, participle (- for regular)
# | Chinese | kinds of object
VERBS = """
    eat eats ate eating | essen esse isst isst gegessen | 吃 | food meal
    drink drinks drank drinking | trinken - - - getrunken | 喝 | drink
    buy buys bought buying | kaufen | 买 | food meal drink text thing furniture cloth vehicle
    sell sells sold selling | verkaufen - - - verkauft | 卖 | food text thing furniture cloth vehicle
    read reads read reading | lesen lese liest liest gelesen | 读 | text
    write writes wrote writing | schreiben - - - geschrieben | 写 | text
    wash washes washed washing | waschen wasche wäschst wäscht gewaschen | 洗 | cloth vehicle
    draw draws drew drawing | zeichnen zeichne zeichnest zeichnet gezeichnet | 画 | animal scenery person
    repair repairs repaired repairing | reparieren - - - repariert | 修理 | vehicle thing furniture opening
    look_for looks_for looked_for looking_for | suchen | 找 | animal thing text person
    help helps helped helping | helfen helfe hilfst hilft geholfen dat | 帮助 | person kin
    visit visits visited visiting | besuchen - - - besucht | 看望 | person kin
    cook cooks cooked cooking | kochen | 煮 | meal
    open opens opened opening | öffnen öffne öffnest öffnet geöffnet | 打开 | opening
"""
# States take no progressive; the third word of the Chinese part is how it is negated.
STATIVE = """
    see sees saw - | sehen sehe siehst sieht gesehen | 看见 看不见 | person kin animal thing vehicle scenery
    like likes liked - | mögen mag magst mag gemocht | 喜欢 不喜欢 | person animal food meal drink text cloth
    need needs needed - | brauchen - - - gebraucht | 需要 不需要 | thing food drink cloth vehicle furniture
    have has had - | haben habe hast hat gehabt | 有 没有 | animal thing text cloth vehicle furniture
    know knows knew - | kennen - - - gekannt | 认识 不认识 | person kin
"""
# Whole phrases without an object: German finite verb and what stays at the end; Chinese present, past, "can".
PHRASES = """
    sleep sleeps slept sleeping | schlafen schlafe schläfst schläft geschlafen | - | 睡觉 睡了 能
    work works worked working | arbeiten arbeite arbeitest arbeitet gearbeitet | - | 工作 工作了 能
    sing sings sang singing | singen - - - gesungen | - | 唱歌 唱了歌 会
    dance dances danced dancing | tanzen tanze tanzt tanzt getanzt | - | 跳舞 跳了舞 会
    cry cries cried crying | weinen | - | 哭 哭了 能
    laugh laughs laughed laughing | lachen | - | 笑 笑了 能
    wait waits waited waiting | warten warte wartest wartet gewartet | - | 等 等了 能
    play_football plays_football played_football playing_football | spielen | Fußball | 踢足球 踢了足球 会
    play_the_piano plays_the_piano played_the_piano playing_the_piano | spielen | Klavier | 弹钢琴 弹了钢琴 会
    learn_German learns_German learned_German learning_German | lernen | Deutsch | 学德语 学了德语 能
    listen_to_music listens_to_music listened_to_music listening_to_music | hören | Musik | 听音乐 听了音乐 能
    watch_television watches_television watched_television watching_television
        | sehen sehe siehst sieht gesehen | fern | 看电视 看了电视 能
"""
# where one is | where one goes, in English, German, Chinese
PLACES = """
    in the garden | im Garten | 花园 里 | to the garden | in den Garten | 花园
    in the kitchen | in der Küche | 厨房 里 | to the kitchen | in die Küche | 厨房
    in the park | im Park | 公园 里 | to the park | in den Park | 公园
    in the school | in der Schule | 学校 里 | to the school | in die Schule | 学校
    in the office | im Büro | 办公室 里 | to the office | ins Büro | 办公室
    in the library | in der Bibliothek | 图书馆 里 | to the library | in die Bibliothek | 图书馆
    in the restaurant | im Restaurant | 餐馆 里 | to the restaurant | ins Restaurant | 餐馆
    in the museum | im Museum | 博物馆 里 | to the museum | ins Museum | 博物馆
    in the hospital | im Krankenhaus | 医院 里 | to the hospital | ins Krankenhaus | 医院
    in the room | im Zimmer | 房间 里 | to the room | ins Zimmer | 房间
    at the station | am Bahnhof | 火车站 - | to the station | zum Bahnhof | 火车站
    on the beach | am Strand | 海滩 上 | to the beach | an den Strand | 海滩
    on the street | auf der Straße | 街 上 | to the street | auf die Straße | 街上
"""
POSITIONS = (
    ("on", "auf", "上"),
    ("under", "unter", "下面"),
    ("beside", "neben", "旁边"),
    ("behind", "hinter", "后面"),
    ("in front of", "vor", "前面"),
)
TIMES = {
    "past": (
        ("yesterday", "gestern", "昨天"),
        ("last week", "letzte Woche", "上周"),
        ("this morning", "heute Morgen", "今天早上"),
        ("on Monday", "am Montag", "星期一"),
    ),
    "now": (("now", "jetzt", "现在"),),
    "future": (
        ("today", "heute", "今天"),
        ("tomorrow", "morgen", "明天"),
        ("on Sunday", "am Sonntag", "星期天"),
        ("this evening", "heute Abend", "今天晚上"),
    ),
    "often": (
        ("often", "oft", "经常"),
        ("always", "immer", "总是"),
        ("never", "nie", "从不"),
        ("sometimes", "manchmal", "有时"),
    ),
}
MODALS = {
    "want to": ("will", "willst", "will", "wollen", "想"),
    "must": ("muss", "musst", "muss", "müssen", "必须"),
    "can": ("kann", "kannst", "kann", "können", ""),
}
