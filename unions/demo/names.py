"""Made-up names of people, employers and places. Any likeness to a real one is an accident of few characters."""

from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc

from unions.enums import EmployerNature as Nature
from unions.enums import Industry, UnionKind

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_MALE = "建国志强海涛明辉振宇立新德胜永利宏伟家栋春生长江文博东升启明学军国庆思远卫平成林俊峰子昂少华兆丰景行守诚"
GIVEN_FEMALE = "淑敏秀兰丽娟玉梅雪莹春燕桂芳静怡晓琳佳慧文婷美玲红霞艳萍海棠若兰心悦雅琴素云月娥凤英思齐冬梅锦瑟佩芬"

BRAND_FIRST = "瑞恒信博雅泰和嘉铭卓启明德润盛华昌宏远益康诚安汇鼎辰星云凌逸朗思拓创亿佳美悦丰隆通达正广新科"
BRAND_SECOND = "丰源泽诚达远洋腾飞锦程翔宇图辉煌阳光坤乾石川海岳峰林森木禾田园景苑舟帆航济民生立业成功道恩同方圆"

# trade → (industry, what an employer of it is called)
TRADES = {
    Industry.I: ("科技", "信息技术", "软件技术", "网络科技", "数据服务", "智能科技", "通信技术"),
    Industry.L: ("商务服务", "人力资源服务", "企业管理", "广告", "会展服务", "旅行社", "保安服务"),
    Industry.F: ("商贸", "食品", "汽车销售服务", "医疗器械", "家居用品", "服装", "图书发行"),
    Industry.M: ("工程咨询", "检测技术", "环保科技", "勘测设计", "生物技术", "节能技术"),
    Industry.E: ("建筑工程", "装饰工程", "市政工程", "机电安装", "园林工程"),
    Industry.H: ("餐饮管理", "酒店管理", "饮食服务", "宾馆"),
    Industry.R: ("文化传媒", "影视文化", "体育发展", "艺术发展", "演艺文化"),
    Industry.J: ("投资管理", "融资担保", "保险经纪", "资产管理"),
    Industry.K: ("物业管理", "房地产经纪", "房地产开发", "房屋租赁"),
    Industry.G: ("物流", "运输服务", "供应链管理", "出租汽车", "快运"),
    Industry.C: ("电子设备", "机电设备", "印刷", "仪器仪表", "包装制品", "服装加工"),
    Industry.O: ("家政服务", "保洁服务", "汽车维修", "洗染服务"),
    Industry.N: ("环境服务", "清洁服务", "绿化养护"),
    Industry.P: ("教育咨询", "职业培训", "文化培训"),
    Industry.Q: ("健康管理", "口腔门诊部", "养老服务", "体检中心"),
}
INDUSTRY_WEIGHTS = (14, 16, 15, 9, 6, 8, 8, 4, 9, 5, 4, 4, 2, 4, 4)
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限公司朝阳分公司")
FORM_WEIGHTS = (70, 14, 7, 4, 5)
FEDERATED_TRADES = ("物业", "餐饮", "家政", "快递物流", "美容美发", "汽车维修", "保安", "建材")
ROADS = (
    "东路",
    "西路",
    "南路",
    "北路",
    "中路",
    "东街",
    "西街",
    "南街",
    "北街",
    "大街",
    "东里",
    "西里",
    "南里",
    "北里",
)
ESTATES = ("东里", "西里", "南里", "北里", "东苑", "西苑", "家园", "嘉园", "花园", "北里东", "新苑", "雅园")
BUILDINGS = ("大厦", "中心", "广场", "科技园", "产业园", "国际中心", "商务楼")
SCHOOLS = ("小学", "中学", "实验小学", "第二小学", "幼儿园", "职业高中", "分校", "特殊教育学校")
CLINICS = ("社区卫生服务中心", "中医医院", "妇幼保健站", "急救站", "口腔医院", "康复医院")
OFFICES = (
    "事务中心",
    "服务中心",
    "管理所",
    "执法队",
    "档案馆",
    "监测站",
    "信息中心",
    "保障中心",
    "指导站",
    "培训学校",
)

# kind of middle-tier union → what its employers are, where it is not a mixture of all trades
OWN_TRADES = {
    "教育": Industry.P,
    "卫生": Industry.Q,
    "建筑": Industry.E,
    "商业": Industry.F,
    "高新": Industry.I,
    "文化": Industry.R,
    "城市": Industry.N,
    "金融": Industry.J,
    "园林": Industry.N,
    "交通": Industry.G,
    "机关": Industry.S,
}
NATURE_WEIGHTS = {
    Nature.PRIVATE: 62,
    Nature.FOREIGN: 8,
    Nature.STATE_HOLDING: 6,
    Nature.STATE: 6,
    Nature.HMT: 4,
    Nature.COLLECTIVE: 4,
    Nature.SOCIAL: 5,
    Nature.INDIVIDUAL: 5,
}
_ORG_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def person(random: Random, *, female: bool) -> str:
    pool = GIVEN_FEMALE if female else GIVEN_MALE
    start = random.randrange(0, len(pool) // 2) * 2
    given = pool[start : start + 2]
    return random.choice(SURNAMES) + (given if random.random() < 0.8 else random.choice(given))


def phone(random: Random) -> str:
    """A mobile number that nobody has: 0000 in the middle."""
    return f"1{random.choice('3456789')}{random.randrange(10)}0000{random.randrange(10_000):04d}"


def credit_code(number: int, prefix: str) -> str:
    """A unified social credit code with both its check digits (GB 32100, GB 11714), the same for the same number."""
    digits = ""
    for _place in range(8):
        number, place = divmod(number, len(_ORG_ALPHABET))
        digits = _ORG_ALPHABET[place] + digits
    total = sum(weight * int(digit, 36) for weight, digit in zip(_ORG_WEIGHTS, digits, strict=True))
    check = "0123456789X0"[11 - total % 11]
    body = f"{prefix}110105{digits}{check}"
    return body + uscc.calc_check_digit(body)


@dataclass(frozen=True)
class Employer:
    name: str
    nature: Nature
    industry: Industry
    prefix: str  # of the credit code: who registered it


class NameMaker:
    """Names that no other union of the district has."""

    def __init__(self, random: Random):
        self.random = random
        self._taken: set[str] = set()

    def unique(self, make) -> str:
        for _attempt in range(40):
            name = make()
            if name not in self._taken:
                break
        else:
            name = f"{name}第{len(self._taken)}"
        self._taken.add(name)
        return name

    def _brand(self) -> str:
        return self.random.choice(BRAND_FIRST) + self.random.choice(BRAND_SECOND)

    def employer(self, industry_hint: str) -> Employer:
        """An employer of a single-employer union below a middle-tier union with such a name."""
        own = next((industry for word, industry in OWN_TRADES.items() if word in industry_hint), None)
        if own is Industry.P and self.random.random() < 0.85:
            return self._public(SCHOOLS, own)
        if own is Industry.Q and self.random.random() < 0.8:
            return self._public(CLINICS, own)
        if own is Industry.S or (own is None and self.random.random() < 0.06):
            return self._public(OFFICES, Industry.S)
        industry = own or self.random.choices(list(TRADES), INDUSTRY_WEIGHTS)[0]
        nature = self.random.choices(list(NATURE_WEIGHTS), NATURE_WEIGHTS.values())[0]
        if nature is Nature.SOCIAL:
            name = self.unique(lambda: f"北京市朝阳区{self._brand()}社会工作事务所")
            return Employer(name, nature, Industry.O, "52")
        if nature is Nature.INDIVIDUAL:
            name = self.unique(lambda: f"北京{self._brand()}{self.random.choice(TRADES[industry])}中心")
            return Employer(name, nature, industry, "92")
        return Employer(self.unique(lambda: self._company(industry)), nature, industry, "91")

    def _company(self, industry: Industry) -> str:
        brand, trade = self._brand(), self.random.choice(TRADES[industry])
        form = self.random.choices(FORMS, FORM_WEIGHTS)[0]
        return f"{brand}（北京）{trade}{form}" if self.random.random() < 0.1 else f"北京{brand}{trade}{form}"

    def _public(self, words: tuple[str, ...], industry: Industry) -> Employer:
        name = self.unique(lambda: f"北京市朝阳区{self._brand()}{self.random.choice(words)}")
        is_agency = industry is Industry.S and self.random.random() < 0.5
        return Employer(
            name, Nature.AGENCY if is_agency else Nature.INSTITUTION, industry, "11" if is_agency else "12"
        )

    def joint(self, kind: UnionKind, place: str) -> tuple[str, str]:
        """Name of the union and of what it covers, for the kinds that join several employers."""
        if kind is UnionKind.FEDERATED:
            covered = self.unique(
                lambda: (
                    f"{place}{self._brand() if self.random.random() < 0.5 else ''}{self.random.choice(FEDERATED_TRADES)}行业"
                )
            )
            return f"{covered}工会联合会", covered
        words = BUILDINGS if kind is UnionKind.BUILDING else ESTATES
        tail = {UnionKind.COMMUNITY: "社区", UnionKind.VILLAGE: "村"}.get(kind, "")
        if kind is UnionKind.JOINT:
            covered = self.unique(lambda: f"{place}{self._brand()}小微企业")
        else:
            covered = self.unique(
                lambda: f"{place}{self.random.choice(('', self._brand()))}{self.random.choice(words)}{tail}"
            )
        return f"{covered}联合工会", covered

    def address(self, place: str) -> str:
        return f"北京市朝阳区{place}{self.random.choice(ROADS)}{self.random.randrange(1, 200)}号"
