package bundle

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// maxRows is how many rows a sheet has (ECMA-376 as spreadsheets apply it); the evidence goes on in further sheets.
const maxRows = 1_048_576

// errSheetFull ends a sheet.
var errSheetFull = errors.New("sheet is full")

// xlsx writes a workbook of two tables (ECMA-376). Every cell is a text: nothing in it can be a formula.
func (b *builder) xlsx(w io.Writer) error {
	out := zip.NewWriter(w)
	var names []string
	for _, t := range []*table{b.controlTable(), b.evidenceTable()} {
		for skip, part := 0, 1; skip >= 0; part++ {
			name := t.name
			if part > 1 {
				name = fmt.Sprintf("%s %d", t.name, part)
			}
			names = append(names, name)
			entry, err := out.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(names)))
			if err != nil {
				return err
			}
			if skip, err = t.sheet(entry, skip, maxRows); err != nil {
				return err
			}
		}
	}
	for _, f := range workbook(names) {
		entry, err := out.Create(f.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(entry, f.value); err != nil {
			return err
		}
	}
	return out.Close()
}

// sheet writes the rows of a table after the first skip ones, and returns how many to skip next; -1 at the end.
func (t *table) sheet(w io.Writer, skip, limit int) (int, error) {
	out := &page{bufio.NewWriter(w)}
	out.str(xmlHead, `<worksheet xmlns="`, spreadsheet, `"><sheetViews><sheetView workbookViewId="0">`,
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, width := range t.widths {
		out.str(fmt.Sprintf(`<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width))
	}
	out.str("</cols><sheetData>")
	out.row(t.heading, ` s="1"`)
	start, n, next := skip, 1, -1
	err := t.rows(func(cells []string) error {
		if skip > 0 {
			skip--
			return nil
		}
		if n == limit {
			return errSheetFull
		}
		n++
		out.row(cells, "")
		return nil
	})
	if errors.Is(err, errSheetFull) {
		next, err = start+n-1, nil
	}
	out.str("</sheetData></worksheet>")
	return next, errors.Join(err, out.out.Flush())
}

// row writes cells of texts in a style.
func (p *page) row(cells []string, style string) {
	p.str("<row>")
	for _, s := range cells {
		if s == "" {
			p.str("<c/>")
			continue
		}
		p.str(`<c t="inlineStr"`, style, `><is><t xml:space="preserve">`, xmlText.Replace(literal(cell(s))), "</t></is></c>")
	}
	p.str("</row>")
}

// code is what spreadsheets read as a character by its number (ST_Xstring, ECMA-376 part 1, 22.9.2.19), control
// characters among them.
var code = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// literal makes such codes the text that they are: the underscore stands as a code itself.
func literal(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	parts := strings.SplitAfter(s, "_")
	for i := range len(parts) - 1 { // each but the last ends in an underscore
		if code.MatchString("_" + parts[i+1]) {
			parts[i] += "x005F_"
		}
	}
	return strings.Join(parts, "")
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

const (
	xmlHead       = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	openXML       = "http://schemas.openxmlformats.org/"
	spreadsheet   = openXML + "spreadsheetml/2006/main"
	relationships = openXML + "package/2006/relationships"
	office        = openXML + "officeDocument/2006/relationships"
	contentTypes  = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// workbook makes the parts that hold the sheets together.
func workbook(names []string) []fact {
	var types, sheets, rels strings.Builder
	for i, name := range names {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, contentTypes)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, xmlText.Replace(name), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, office, n)
	}
	return []fact{
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + office + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="` + relationships + `">` + rels.String() +
			`<Relationship Id="styles" Type="` + office + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", xmlHead + `<styleSheet xmlns="` + spreadsheet + `"><fonts count="2"><font/><font><b/></font></fonts>` +
			`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
			`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
			`<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + relationships + `"><Relationship Id="rId1" Type="` + office +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", xmlHead + `<Types xmlns="` + openXML + `package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + contentTypes + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + contentTypes + `styles+xml"/>` + types.String() + `</Types>`},
	}
}
