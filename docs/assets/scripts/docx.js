/* A Word document (Office Open XML, ECMA-376) of headings and paragraphs: the least that Word, LibreOffice and Google
   Docs open without a word of repair. A zip without compression, by hand: a library would outweigh the site. */
(() => {
  const bytes = (text) => new TextEncoder().encode(text);
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  });
  const crc = (data) => {
    let sum = 0xffffffff;
    for (const byte of data) sum = (sum >>> 8) ^ table[(sum ^ byte) & 255];
    return (sum ^ 0xffffffff) >>> 0;
  };
  /* `files`: [name, text], stored as they are. */
  const zip = (files) => {
    const parts = [];
    const directory = [];
    let at = 0;
    for (const [name, text] of files) {
      const [title, data] = [bytes(name), bytes(text)];
      const head = (signature, central) => {
        const view = new DataView(new ArrayBuffer(central ? 46 : 30));
        const put = (offset, size, value) => view[`setUint${size}`](offset, value, true);
        const shift = central ? 2 : 0;
        put(0, 32, signature);
        if (central) put(4, 16, 20);
        put(4 + shift, 16, 20); // version 2.0
        put(6 + shift, 16, 0x800); // names in UTF-8
        put(12 + shift, 16, 0x21); // 1 January 1980: a file of notes need not tell when
        put(14 + shift, 32, crc(data));
        put(18 + shift, 32, data.length);
        put(22 + shift, 32, data.length);
        put(26 + shift, 16, title.length);
        if (central) put(42, 32, at);
        return new Uint8Array(view.buffer);
      };
      const local = head(0x04034b50, false);
      directory.push(head(0x02014b50, true), title);
      parts.push(local, title, data);
      at += local.length + title.length + data.length;
    }
    const size = directory.reduce((sum, part) => sum + part.length, 0);
    const end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, 0x06054b50, true);
    end.setUint16(8, files.length, true);
    end.setUint16(10, files.length, true);
    end.setUint32(12, size, true);
    end.setUint32(16, at, true);
    return new Blob([...parts, ...directory, new Uint8Array(end.buffer)]);
  };

  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const office = "application/vnd.openxmlformats-officedocument.wordprocessingml";
  /* XML forbids most control characters and half surrogates, escaped or not. */
  const escape = (text) =>
    text
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
      .replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
  const rightToLeft = (text) => /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(text);
  const paragraph = ([style, text]) => {
    const turned = rightToLeft(text);
    const runs = escape(text).split("\n").join("</w:t><w:br/><w:t xml:space=\"preserve\">");
    return `<w:p><w:pPr>${style ? `<w:pStyle w:val="${style}"/>` : ""}${turned ? "<w:bidi/>" : ""}</w:pPr><w:r>${turned ? "<w:rPr><w:rtl/></w:rPr>" : ""}<w:t xml:space="preserve">${runs}</w:t></w:r></w:p>`;
  };
  const style = (id, name, look, space) =>
    `<w:style w:type="paragraph" w:styleId="${id}"${id === "Normal" ? ' w:default="1"' : ""}><w:name w:val="${name}"/><w:qFormat/>${id === "Normal" ? "" : '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>'}<w:pPr>${id.startsWith("Heading") ? "<w:keepNext/>" : ""}<w:spacing w:before="${space}" w:after="80"/>${/Heading(\d)/.test(id) ? `<w:outlineLvl w:val="${id.slice(-1) - 1}"/>` : ""}</w:pPr><w:rPr>${look}</w:rPr></w:style>`;
  const size = (half) => `<w:sz w:val="${half}"/><w:szCs w:val="${half}"/>`;
  const STYLES = `${xml}<w:styles ${W}>${style("Normal", "Normal", size(22), 0)}${style("Title", "Title", `<w:b/>${size(40)}`, 0)}${style("Heading1", "heading 1", `<w:b/>${size(32)}`, 360)}${style("Heading2", "heading 2", `<w:b/>${size(26)}`, 280)}${style("Quiet", "Quiet", `<w:color w:val="555555"/>${size(18)}`, 0)}</w:styles>`;

  /* `paragraphs`: [style, text], where style is "", "Title", "Heading1", "Heading2" or "Quiet". */
  guidebook.docx = (paragraphs) =>
    zip([
      ["[Content_Types].xml", `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${office}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${office}.styles+xml"/></Types>`],
      ["_rels/.rels", `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`],
      ["word/_rels/document.xml.rels", `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`],
      ["word/styles.xml", STYLES],
      ["word/document.xml", `${xml}<w:document ${W}><w:body>${paragraphs.map(paragraph).join("")}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:body></w:document>`],
    ]);
})();
