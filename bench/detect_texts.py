"""Generated texts for the measure of src/detect: what is in them is known, and nobody is meant.

A template holds slots in braces; what fills a slot is drawn by a seeded generator, and the spans that must be found
are noted in bytes. Identity numbers have the prefix 9999 of tests, telephones and cards four zeros. HELD_OUT are templates that were written after the
rules and are counted apart.
"""

import random

SURNAMES = ("王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范"
            "汪陆金石戴贾韦夏邱方侯邹熊孟秦白江闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔向汤常温康施文楼骆虞鲍俞翁应单查盖乐翟宁曲纪")
DOUBLE = ["欧阳", "上官", "诸葛", "司徒", "皇甫", "令狐", "慕容", "夏侯", "申屠", "尉迟"]
GIVEN = ("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文志海龙飞鹏辉晨宇轩浩然子涵梓诺欣怡雨彤佳琪思雅婷雪梅春燕玲倩"
         "琳颖慧萍莉蓉薇蕾晶莹洁珊瑶凤云峰林森东南波斌彬凯恺睿博翔俊豪家豪天佑一鸣景行可心若曦语嫣诗韵梦洁安琪乐妍依诺沐宸泽洋奕辰思远"
         "启航承恩嘉懿书瑶锦程鑫淼焱垚良善义信德福禄寿喜财旺发贵荣昌盛兴隆来根土生水木火金银铜柱栓锁虎豹燕雀莲菊竹兰仁礼智忠孝")
SOFT_NAMES = ["高峰", "王国", "和平", "高原", "方圆", "文静", "安宁", "江山", "平安", "石磊", "田野", "高洁", "马力", "文明", "白雪",
              "白云", "成功", "时光", "金星", "康健", "阳光", "明月", "丁香", "方正", "高明", "林海", "雷鸣", "高山", "黄河", "夏天"]
FOREIGN = ["买买提·艾山", "古丽娜尔·吐尔逊", "阿依古丽·买买提", "努尔艾力·阿卜杜", "迪丽拜尔·热合曼"]
PLACE_HEAD = "稠义佛赤苏上大前后石东西廖香诚信江北城后宅福田新光明朝阳金湖青岩柳吴杨王陈楼何傅下塘毛宗泽平畴"
ROAD_HEAD = ["幸福", "工人西", "建设", "城北", "丹溪", "望道", "江滨", "解放南", "人民", "新华", "机场", "稠州北", "宾王", "香山", "春风", "五爱", "学院", "商城", "雪峰西", "国贸"]
ESTATE = ["阳光花园", "锦绣家园", "金城高尔夫公寓", "绿城玫瑰园", "江南名邸", "五洲新村", "欧景名城", "丹桂苑", "东方明珠小区", "清风苑"]
PROVINCES = ["浙江省义乌市", "浙江省金华市义乌市", "义乌市", "贵州省毕节市织金县", "江西省上饶市鄱阳县", "安徽省阜阳市临泉县", "云南省昭通市镇雄县"]
KIN = ["儿子", "女儿", "孙子", "孙女", "弟弟", "妹妹", "外孙", "侄子", "长子", "次女"]
PARENT = ["父亲", "母亲", "爷爷", "奶奶", "外公", "外婆", "叔叔", "姑姑", "继父", "监护人"]

# ---- what fills the slots ----


class Maker:
    """Draws values, and knows the names and places that a register holds."""

    def __init__(self, seed, names=1_600_000):
        self.random = random.Random(seed)
        registered = set(SOFT_NAMES) | set(FOREIGN)
        while len(registered) < names:
            registered.add(self.any_name())
        self.names = sorted(registered)
        self.registered = registered
        self.towns = sorted({self.pick(PLACE_HEAD) + self.pick(PLACE_HEAD) + self.pick(["街道", "镇", "镇"]) for _ in range(14)})
        self.villages = sorted({self.pick(PLACE_HEAD) + self.pick(PLACE_HEAD) + self.pick(["村", "村", "社区"]) for _ in range(700)})

    def pick(self, of):
        return of[self.random.randrange(len(of))]

    def any_name(self):
        r = self.random
        surname = self.pick(DOUBLE) if r.random() < 0.004 else SURNAMES[min(int(r.expovariate(1 / 28)), len(SURNAMES) - 1)]
        return surname + self.pick(GIVEN) + (self.pick(GIVEN) if r.random() < 0.85 else "")

    def digits(self, n):
        return "".join(self.pick("0123456789") for _ in range(n))

    def n(self):
        return "name", self.pick(SOFT_NAMES) if self.random.random() < 0.01 else self.pick(self.names)

    def u(self):
        while True:
            name = self.any_name()
            if name not in self.registered:
                return "name", name

    def number(self):
        r = self.random
        body = f"9999{self.digits(2)}{r.randint(1935, 2024)}{r.randint(1, 12):02}{r.randint(1, 28):02}{self.digits(3)}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]

    def id(self):
        return "id_number", self.number()

    def idb(self):
        number = self.number()
        form = self.pick(["{0} {1} {2}", "{0}-{1}-{2}", "{3} {4} {5} {6} {2}", "{0}  {1} {2}"])
        return "id_number", form.format(number[:6], number[6:14], number[14:], number[:3], number[3:6], number[6:10], number[10:14])

    def idf(self):
        return "id_number", "".join(chr(ord(c) + 0xFEE0) for c in self.number())

    def idx(self):
        number = self.number()
        while not number.endswith("X"):
            number = self.number()
        return "id_number", number.lower()

    def near(self):
        number, r = self.number(), self.random
        at = r.randrange(4, 18)
        how = r.randrange(4)
        if how == 0:
            number = number[:17] + self.pick([c for c in "0123456789X" if c != number[17]])
        elif how == 1:
            number = number[:at] + number[at + 1:]
        elif how == 2:
            number = number[:at] + self.digits(1) + number[at:]
        else:
            places = [i for i in range(1, 18) if number[i] in "01"]
            i = self.pick(places)
            number = number[:i] + {"0": "Oo", "1": "lI"}[number[i]][r.randrange(2)] + number[i + 1:]
        return "id_number_near", number

    def tel(self):
        return "phone", "1" + self.pick("3456789") + self.digits(1) + "0000" + self.digits(4)

    def telb(self):
        t = self.tel()[1]
        form = self.pick(["{0} {1} {2}", "{0}-{1}-{2}", "+86{3}", "+86 {3}", "+86 {0} {1} {2}", "0086{3}", "86-{3}", "+86-{0}-{1}-{2}"])
        text = form.format(t[:3], t[3:7], t[7:], t)
        return "phone", "".join(chr(ord(c) + 0xFEE0) for c in t) if self.random.random() < 0.1 else text

    def land(self):
        form = self.pick(["0579-8{0}", "0579 8{0}", "(0579)8{0}", "（0579）8{0}", "010-6{0}", "0851-8{0}", "021-5{0}"])
        return "phone", form.format("000" + self.digits(4))

    def card(self):
        body = self.pick(["622848", "621700", "622202", "625900", "45637", "52164", "37123"])
        size = {"3": 15, "4": 16, "5": 16, "6": self.pick([16, 19])}[body[0]]
        body += "0000" + self.digits(size - 5 - len(body))
        total = sum(d if i % 2 else d * 2 - 9 * (d > 4) for i, d in enumerate(int(c) for c in reversed(body)))
        body += str(-total % 10)
        if size in (16, 19) and self.random.random() < 0.4:
            body = " ".join(body[i:i + 4] for i in range(0, size, 4))
        return "bank_card", body

    def house(self):
        r = self.random
        return self.pick([f"{r.randint(1, 299)}号", f"{r.randint(1, 99)}号", f"{r.randint(1, 199)}弄{r.randint(1, 60)}号",
                          f"{r.randint(1, 299)}号{r.randint(1, 30)}幢{r.randint(1, 4)}单元{r.randint(1, 20)}0{r.randint(1, 4)}室",
                          f"{r.randint(1, 299)}-{r.randint(1, 9)}号"])

    def addr(self):
        r = self.random
        block = f"{r.randint(1, 40)}{self.pick(['幢', '栋', '号楼'])}{r.randint(1, 4)}单元{r.randint(1, 20)}0{r.randint(1, 4)}室"
        road = self.pick(ROAD_HEAD) + self.pick(["路", "路", "路", "街", "大道", "巷"])
        return "address", self.pick([
            f"{self.pick(self.towns)}{self.pick(self.villages)}{r.randint(1, 300)}号",
            f"{self.pick(self.villages)}{r.randint(1, 300)}号",
            f"{self.pick(self.towns)}{road}{self.house()}",
            f"{road}{self.house()}",
            f"{self.pick(self.towns)}{self.pick(ESTATE)}{block}",
            f"{self.pick(ESTATE)}{block}",
            f"{self.pick(PROVINCES)}{self.pick(self.towns)}{self.pick(self.villages)}{r.randint(1, 20)}组{r.randint(1, 99)}号",
            f"{self.pick(PROVINCES)}{road}{self.house()}",
            f"{self.pick(self.villages)}{r.randint(1, 20)}组"])

    # ---- what is none ----

    def date(self):
        r = self.random
        y, m, d = r.randint(2015, 2026), r.randint(1, 12), r.randint(1, 28)
        return None, self.pick([f"{y}年{m}月{d}日", f"{y}-{m:02}-{d:02}", f"{m}月{d}日", f"{y}.{m:02}.{d:02}", f"{y}/{m}/{d}", f"{y}{m:02}{d:02}"])

    def time(self):
        return None, f"{self.random.randint(0, 23)}时{self.random.randint(0, 59):02}分"

    def amount(self):
        r = self.random
        return None, self.pick([f"{r.randint(1, 99999)}元", f"¥{r.randint(100, 9999999)}.{self.digits(2)}", f"{r.randint(1, 99)},{self.digits(3)}.00元", f"{r.randint(1, 500)}万元"])

    def age(self):
        return None, str(self.random.randint(1, 17))

    def order(self):
        y = f"{self.random.randint(2019, 2026)}{self.random.randint(1, 12):02}{self.random.randint(1, 28):02}"
        return None, self.pick([f"{y}{self.digits(10)}", f"{y}{self.digits(8)}", f"{y}{self.digits(6)}", self.digits(19), self.digits(18), self.digits(16), f"{y}{self.digits(11)}", f"1{self.digits(18)}"])

    def track(self):
        return None, self.pick(["SF", "YT", "JD", "ZTO", "JT", "EMS"]) + self.digits(self.pick([11, 13, 15]))

    def uscc(self):
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        return None, self.pick("159") + self.pick("1239") + "330782" + "".join(self.pick(letters) for _ in range(10))

    def plate(self):
        return None, self.pick("浙沪苏皖赣贵") + self.pick("ABCDG") + "".join(self.pick("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(5))

    def case(self):
        r = self.random
        return None, self.pick([f"（{r.randint(2018, 2026)}）浙0782民初{r.randint(1, 9999)}号", f"义公（稠）行罚决字〔{r.randint(2018, 2026)}〕第{r.randint(1, 9999)}号",
                                f"A33078{self.digits(16)}", f"J330782{self.digits(14)}"])

    def kin(self):
        return None, self.pick(KIN)

    def parent(self):
        return None, self.pick(PARENT)

    def health(self):
        return "health", self.pick(["抑郁症", "癫痫", "艾滋病", "乙肝", "精神分裂症", "自闭症", "白血病", "自杀", "多动症", "智力残疾"])

    def offence(self):
        return "offence", self.pick(["吸毒", "盗窃", "诈骗", "故意伤害", "赌博", "服刑", "强制隔离戒毒", "取保候审", "贩毒", "寻衅滋事"])

    def abuse(self):
        return "abuse", self.pick(["性侵", "家暴", "猥亵", "虐待", "殴打", "遗弃", "欺凌", "体罚", "家庭暴力", "毒打"])

    def fill(self, template):
        """The text, and its spans (start, end, kind) in bytes."""
        text, spans, drawn = b"", [], None
        for i, piece in enumerate(template.replace("}", "{").split("{")):
            if i % 2 == 0:
                text += piece.encode()
                continue
            kind, drawn = getattr(self, piece)()
            start = len(text)
            text += drawn.encode()
            if kind:
                spans.append((start, len(text), kind))
        return text, spans
