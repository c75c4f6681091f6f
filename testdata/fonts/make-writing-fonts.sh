#!/bin/sh
# Cuts the fonts that text is set in by the tests. Needs Debian's fonts-noto-cjk and
# fonts-dejavu-core, and fonttools with its cu2qu.
#
#   NotoSansCJKsc-subset.otf   CFF outlines, keyed by CID: ASCII, punctuation, Chinese characters
#   DejaVuSans-subset.ttf      TrueType outlines, composite glyphs among them: ASCII and some Latin-1
#   collection.ttc             the latter, and the former with its outlines turned into TrueType
set -eu
cd "$(dirname "$0")"
noto=/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
dejavu=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
simplified_chinese=2

chinese='甲乙丙丁方盖章公司名称签署日期年月日时分秒合同专用财务发票北京上海广州深圳市区路号有限责任股份科技贸易集团人张三李四王五赵六刘陈同意不已阅读并本协议条款内容经审核作废草稿副之的在是和为与了双友好商一致订立如下金额元整壹贰叁肆伍陆柒捌玖拾佰仟万二七八九十法定代表男女选择其他以上由共第页电话地址'
punctuation='·、。，；：？！“”‘’（）《》〈〉【】「」—…￥％℃～'

pyftsubset "$noto" --font-number=$simplified_chinese --text="$chinese$punctuation" \
    --unicodes=U+0020-007E,U+00A0 --layout-features='' \
    --name-IDs=0,1,2,4,6,13,14 --name-languages=0x409 --notdef-outline \
    --drop-tables+=vhea,vmtx,VORG,BASE,GDEF,GPOS,GSUB \
    --no-hinting --no-recalc-timestamp --output-file=NotoSansCJKsc-subset.otf
pyftsubset "$dejavu" --unicodes=U+0020-007E,U+00A0,U+00B7,U+00C4,U+00E4,U+00E9,U+00FC,U+20AC \
    --layout-features='' --name-IDs=0,1,2,4,6,13,14 --name-languages=0x409 --notdef-outline \
    --no-hinting --no-recalc-timestamp --output-file=DejaVuSans-subset.ttf
python3 - <<'PYTHON'
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

font = TTFont("NotoSansCJKsc-subset.otf", recalcTimestamp=False)
order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
outlines = {}
for name in order:
    pen = TTGlyphPen(glyphs)
    glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
    outlines[name] = pen.glyph()
font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
del font["CFF "]
maxp = font["maxp"]
maxp.tableVersion = 0x00010000
for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
              "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):
    setattr(maxp, field, 0)
maxp.maxZones = 1
font["post"].formatType = 3.0
font.sfntVersion = "\000\001\000\000"
collection = TTCollection()
collection.fonts = [TTFont("DejaVuSans-subset.ttf", recalcTimestamp=False), font]
collection.save("collection.ttc", shareTables=False)
PYTHON
ls -l NotoSansCJKsc-subset.otf DejaVuSans-subset.ttf collection.ttc
