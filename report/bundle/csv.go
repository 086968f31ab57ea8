package bundle

import (
	"io"
	"strconv"
	"strings"
)

// table is a sheet with a heading: written as CSV, and as a sheet of the workbook.
type table struct {
	name    string
	heading []string
	// widths of the columns of the sheet, in characters.
	widths []int
	rows   func(yield func(cells []string) error) error
}

func (b *builder) controlsCSV(w io.Writer) error { return b.controlTable().csv(w) }

func (b *builder) evidenceCSV(w io.Writer) error { return b.evidenceTable().csv(w) }

// csv writes every cell in quotes, lines end in a line feed. A spreadsheet runs a cell that begins with = + - or @
// as a formula; such a cell gets an apostrophe in front, which spreadsheets show as text.
func (t *table) csv(w io.Writer) error {
	var buf []byte
	put := func(cells []string) error {
		buf = buf[:0]
		for i, s := range cells {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = append(buf, '"')
			buf = append(buf, strings.ReplaceAll(inert(s), `"`, `""`)...)
			buf = append(buf, '"')
		}
		_, err := w.Write(append(buf, '\n'))
		return err
	}
	if err := put(t.heading); err != nil {
		return err
	}
	return t.rows(put)
}

// inert makes text harmless in a cell of CSV. A spreadsheet that is set to semicolons splits cells there, so what
// follows one is treated like a beginning.
func inert(s string) string {
	if s = cell(s); !strings.ContainsAny(s, "=+-@＝＋－＠") {
		return s
	}
	parts := strings.Split(s, ";")
	for i, p := range parts {
		if isFormula(p) {
			parts[i] = "'" + p
		}
	}
	return strings.Join(parts, ";")
}

// maxCell is how many characters a cell of a spreadsheet holds.
const maxCell = 32_000

func cell(s string) string { return cut(clean(s), maxCell) }

// isFormula reports whether a spreadsheet could take text for a formula, full-width signs included. A null
// is none.
func isFormula(s string) bool {
	s = strings.TrimLeft(s, " \"'")
	if s == null {
		return false
	}
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, sign) {
			return true
		}
	}
	return false
}

func (b *builder) controlTable() *table {
	return &table{
		name: "Controls",
		heading: []string{
			"control_set", "control", "title", "derived_status", "derived_reason", "decision", "decided_by", "decided_at",
			"items", "compliant", "non_compliant", "non_compliant_excepted", "inconclusive", "not_applicable", "first_day", "last_day",
			"exceptions", "comments", "folder", "provenance",
		},
		widths: []int{24, 24, 40, 16, 40, 16, 20, 20, 8, 10, 14, 14, 12, 14, 12, 12, 10, 10, 34, 12},
		rows: func(yield func([]string) error) error {
			for i := range b.controls {
				k := &b.controls[i]
				first, last := "", ""
				if len(k.days) > 0 {
					first, last = k.days[0].date, k.days[len(k.days)-1].date
				}
				if err := yield([]string{
					k.group.Title, k.control.ID, k.control.Title, string(k.derived.Status), k.derived.Reason,
					string(k.state.Status), k.state.By, stamp(k.state.At),
					strconv.Itoa(len(k.items)), strconv.Itoa(k.total.compliant), strconv.Itoa(k.total.nonCompliant),
					strconv.Itoa(k.total.excepted), strconv.Itoa(k.total.inconclusive), strconv.Itoa(k.total.notApplicable), first, last,
					strconv.Itoa(len(k.exceptions)), strconv.Itoa(len(k.state.Comments)), k.folder, k.control.Provenance,
				}); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (b *builder) evidenceTable() *table {
	return &table{
		name: "Evidence",
		heading: []string{
			"evidence_id", "ledger_index", "sequence", "control_set", "control", "expectation", "evidence_type", "data_source",
			"event_source", "event_name", "account", "region", "resource", "resource_type", "resources",
			"verdict", "outcome", "cause", "reason", "exception", "effective_from", "effective_to", "collected_at", "received_at",
			"author", "identity", "operations", "parameters", "rows", "run", "snapshot_sha256", "rule_digest", "library_digest",
			"media_type", "size", "body_sha256", "file_name", "file", "supersedes",
		},
		widths: []int{
			38, 12, 10, 24, 24, 20, 18, 16, 24, 28, 14, 14, 50, 26, 10, 14, 14, 16, 60, 38, 22, 22, 22, 22,
			20, 40, 36, 24, 8, 38, 40, 40, 40, 18, 10, 70, 20, 90, 38,
		},
		rows: func(yield func([]string) error) error {
			for i := range b.items {
				it := b.items[i]
				for _, p := range it.placesOrNone() {
					if err := yield(b.evidenceRow(it, p)); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
}

// placesOrNone gives evidence that answers no expectation one line, too.
func (it *item) placesOrNone() []place {
	if len(it.places) == 0 {
		return []place{{control: -1}}
	}
	return it.places
}

func (b *builder) evidenceRow(it *item, p place) []string {
	set, id := "", ""
	if p.control >= 0 {
		set, id = b.controls[p.control].group.Title, b.controls[p.control].control.ID
	}
	file := it.path
	if it.destroyed {
		file = "destroyed"
	}
	return []string{
		it.id, strconv.FormatInt(it.index, 10), strconv.FormatInt(it.sequence, 10), set, id, p.expectation, it.kind, it.source,
		it.eventSource, it.eventName, it.account, it.region, it.subject, it.subjectType, strconv.Itoa(it.subjects),
		verdict(it.outcome), it.outcome, it.cause, it.reason, p.excepted, stamp(it.effectiveFrom), stamp(it.effectiveTo), stamp(it.collected), stamp(it.received),
		it.author, it.identity, it.operations, it.parameters, strconv.Itoa(it.rows), it.run, it.snapshot, it.rule, it.library,
		it.mediaType, strconv.FormatInt(it.size, 10), it.body.String(), it.fileName, file, it.replaces,
	}
}
