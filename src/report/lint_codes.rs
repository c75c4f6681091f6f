//! The codes of the two lints: content prepared for a later swap, and choices that upset readers.

macro_rules! with_lint_codes {
    ($then:ident; $($rows:tt)*) => { $then! { $($rows)*
        PrepHiddenText "prep.hidden_text" Warning
            "{0} pieces of text lie under an image or a filled area that was drawn over them"
            "有 {0} 段文字被后绘制的图像或色块遮盖";
        PrepTextUnderAnnotation "prep.text_under_annotation" Warning
            "{0} pieces of the page's text lie under the opaque appearance of a field or an annotation"
            "页面上有 {0} 段文字被表单域或批注的不透明外观遮盖";
        PrepInvisibleText "prep.invisible_text" Warning
            "{0} pieces of text are drawn invisibly, and no scan of them lies there"
            "有 {0} 段文字以不可见方式绘制，且该处没有相应的扫描图像";
        PrepSameColourText "prep.same_colour_text" Warning
            "{0} pieces of text have the colour of what is behind them"
            "有 {0} 段文字与其背景颜色相同";
        PrepTinyText "prep.tiny_text" Warning
            "{0} pieces of text are too small to be read"
            "有 {0} 段文字小到无法辨认";
        PrepClippedText "prep.clipped_text" Warning
            "{0} pieces of text are clipped away"
            "有 {0} 段文字被裁剪而不可见";
        PrepOutsideText "prep.outside_text" Info
            "{0} pieces of text lie outside the visible page"
            "有 {0} 段文字位于可见页面之外";
        PrepTextInHiddenLayer "prep.text_in_hidden_layer" Warning
            "{0} pieces of text are in a layer that is switched off"
            "有 {0} 段文字位于已关闭的图层中";
        PrepLayerSwitches "prep.layer_switches" Warning
            "a layer is shown on the screen and not on paper, or the other way round"
            "有图层在屏幕上与打印时的显示状态不同";
        PrepLayers "prep.layers" Info
            "{0} layers can be switched on and off by the reader, {1} are off"
            "文档有 {0} 个可由读者开关的图层，其中 {1} 个已关闭";
        PrepOrphanPage "prep.orphan_page" Warning
            "a page is in the file that the document does not show"
            "文件中有一页未被文档显示";
        PrepOrphanContent "prep.orphan_content" Warning
            "content that could be a page's is in the file, and no page shows it"
            "文件中有可作为页面内容的数据，但没有页面使用它";
        PrepTwinFont "prep.twin_font" Warning
            "a font is in the file that nothing uses and that resembles object {0}, which is used"
            "文件中有未被使用的字体，与被使用的对象 {0} 相似";
        PrepTwinXObject "prep.twin_xobject" Warning
            "an image or form is in the file that nothing uses and that resembles object {0}, which is used"
            "文件中有未被使用的图像或表单对象，与被使用的对象 {0} 相似";
        PrepOrphanObjects "prep.orphan_objects" Info
            "{0} further objects are in the file that nothing leads to"
            "文件中另有 {0} 个对象没有任何引用";
        PrepDuplicateObject "prep.duplicate_object" Warning
            "the object stands at byte {0} as well, where no cross reference leads"
            "该对象在第 {0} 字节处另有一份，但没有交叉引用指向它";
        PrepDeadObjects "prep.dead_objects" Info
            "{0} objects stand in the bytes where no cross reference leads"
            "字节中有 {0} 个对象没有任何交叉引用指向";
        PrepRevisions "prep.revisions" Info
            "the document was changed {0} times before anybody signed it"
            "在任何人签署之前，文档已被更新 {0} 次";
        PrepFieldValue "prep.field_value" Warning
            "the field shows something other than its value"
            "表单域所显示的内容与其值不符";
        PrepNeedAppearances "prep.need_appearances" Warning
            "viewers are told to draw {0} filled fields anew, so that each may show something else"
            "文档要求阅读器重新绘制 {0} 个已填写的域，各阅读器显示可能不同";
        PrepHiddenAnnotation "prep.hidden_annotation" Warning
            "an annotation or field with an appearance is hidden"
            "有带外观的批注或表单域被隐藏";
        PrepUnprintedAnnotation "prep.unprinted_annotation" Info
            "{0} annotations are seen on the screen and not printed"
            "有 {0} 个批注仅在屏幕上显示而不打印";
        PrepFontContradicts "prep.font_contradicts" Warning
            "a font calls the glyph of code {0} one character and its text another"
            "字体中代码 {0} 的字形名称与其文本映射不符";
        PrepExternal "prep.external" Warning
            "what is shown is taken from elsewhere ({0})"
            "所显示的内容取自文件之外（{0}）";
        PrepUnreadable "prep.unreadable" Warning
            "what this page or annotation draws cannot be read, so nothing can be said of it"
            "无法读取该页或批注的绘制内容，因此无法判断";
        PrepUnreadableObject "prep.unreadable_object" Info
            "the object cannot be read"
            "无法读取该对象";
        PrepMore "prep.more" Info
            "{0} further places of this kind are not listed"
            "同类情况另有 {0} 处未列出";
        CompatFragmented "compat.fragmented_sections" Warning
            "the cross references are split {0} times where numbers go on: Acrobat then rejects earlier signatures; have the document written anew before anybody signs"
            "交叉引用在编号连续处被拆分 {0} 次，Acrobat 可能因此拒绝先前的签名；请在签署前重新生成文档";
        CompatMixedSections "compat.mixed_sections" Warning
            "tables and streams of cross references are mixed: some readers then see no signature; have the document written anew before anybody signs"
            "文档混用交叉引用表与交叉引用流，部分阅读器会看不到签名；请在签署前重新生成文档";
        CompatHybrid "compat.hybrid" Warning
            "the document has cross references for old and for new readers, which see different objects; have it written anew in one form"
            "文档同时含有新旧两种交叉引用，不同阅读器看到的对象可能不同；请以单一形式重新生成";
        CompatDeviation "compat.deviation" Warning
            "the file departs from the standard, and not every reader forgives it ({0}); have it written anew"
            "文件不完全符合标准，并非所有阅读器都能容忍（{0}）；请重新生成";
        CompatVersion "compat.version" Info
            "the header says version {0}, what is used came with {1}; let the catalog or the header say so"
            "文件头声明的版本为 {0}，而所用功能始于 {1}；请在目录或文件头中声明";
        CompatRevisions "compat.revisions" Info
            "the file has {0} revisions: readers become slow; have it written anew before anybody signs"
            "文件已有 {0} 个版本，阅读器会变慢；请在签署前重新生成";
        CompatLarge "compat.large" Warning
            "the file has {0} bytes: readers with offsets of 32 bits cannot open it; keep it below 2 GiB"
            "文件有 {0} 个字节，使用 32 位偏移的阅读器无法打开；请保持在 2 GiB 以下";
        CompatTenDigits "compat.ten_digits" Warning
            "the file has {0} bytes: byte ranges and tables of ten digits end below that; split the document"
            "文件有 {0} 个字节，十位数字的字节范围和交叉引用表无法表示；请拆分文档";
        CompatNeedAppearances "compat.need_appearances" Warning
            "the form asks viewers to draw its fields anew: Acrobat then changes the document as it opens it; draw them and remove /NeedAppearances"
            "表单要求阅读器重新绘制域，Acrobat 打开时即会改动文档；请生成外观并移除 /NeedAppearances";
        CompatComb "compat.comb" Info
            "the field has a cell for each character and does not say how many; give it /MaxLen"
            "该域为逐格填写但未声明字符数；请设置 /MaxLen";
        CompatLongTerm "compat.long_term" Warning
            "validation data over a certification of level 1 is permitted, but Acrobat and Foxit reject it; certify with level 2, or put the data into the signature"
            "认证级别 1 之上追加验证数据虽被标准允许，但 Acrobat 与 Foxit 会拒绝；请使用级别 2，或将数据放入签名";
        CompatNewFields "compat.new_fields" Warning
            "{0} new fields in a document certified with level 2: whether that is permitted is disputed; prepare all fields before the first signature"
            "在以级别 2 认证的文档中新增 {0} 个域，是否允许存在争议；请在首个签名前准备好所有域";
        CompatSharedValue "compat.shared_value" Info
            "{0} fields show one signature: readers list it once for each; put the seal on one page if that matters"
            "有 {0} 个域显示同一签名，阅读器会逐一列出；如有影响，请只在一页盖章";
        CompatAlgorithm "compat.algorithm" Warning
            "older readers do not know {0}; use RSA with PKCS#1 padding or ECDSA over P-256 if they matter"
            "较旧的阅读器不支持 {0}；如需兼容，请使用 RSA PKCS#1 或 P-256 ECDSA";
        CompatDigest "compat.digest" Warning
            "readers do not know {0}, or do not accept it; use SHA-256"
            "阅读器不支持或不接受 {0}；请使用 SHA-256";
        CompatExtensions "compat.extensions" Warning
            "the catalog does not announce ISO/TS {0}; declare it in /Extensions"
            "文档目录未声明 ISO/TS {0}；请在 /Extensions 中声明";
    } };
}
pub(super) use with_lint_codes;
