#!/bin/sh
# Cuts Noto Serif CJK SC down to ASCII, to the characters that the sources of this package use and to
# those that other seals and forms commonly show. Needs Debian's fonts-noto-cjk and fonttools.
set -eu
cd "$(dirname "$0")"
collection=/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc
simplified_chinese=2

common='合同专用章财务发票人事行政法定代表人之印签名日期同意意见已审核作废副本骑缝壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分零整〇一二三四五六七八九十百千年月日时第共页条款项张李王赵刘陈杨黄周吴北京上海广州深圳有限公司股份集团中国测试示例甲乙丙丁方★·、。，；：？！“”‘’（）《》〈〉【】—…　￥¥√×'
characters=$(mktemp)
trap 'rm "$characters"' EXIT
{ echo "$common"; cat ../src/*.rs ../src/*/*.rs; } >"$characters"

pyftsubset "$collection" --font-number=$simplified_chinese \
    --text-file="$characters" --unicodes=U+0020-007E --layout-features='' \
    --name-IDs=0,1,2,4,6,13,14 --name-languages=0x409 --notdef-outline \
    --drop-tables+=vhea,vmtx,VORG,BASE,GDEF,GPOS,GSUB \
    --no-hinting --no-recalc-timestamp --output-file=NotoSerifCJKsc-subset.otf
ls -l NotoSerifCJKsc-subset.otf
