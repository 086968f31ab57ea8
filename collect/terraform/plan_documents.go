package terraform

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// documentType is the data source that writes policy documents.
const documentType = "aws_iam_policy_document"

// documentOf is the text of the policy document that an argument will hold: the one data source
// that its references lead to. Where they end in a local, it is the one document of the
// same module instance that no other document takes in.
func (f *planFile) documentOf(sense meaning, path string) (string, bool) {
	var docs []*planned
	others := 0
	for _, t := range sense.targets {
		switch {
		case t.to.typ == documentType && t.to.mode == "data" && (t.attr == "json" || t.attr == "minified_json" || t.attr == ""):
			if !slices.Contains(docs, t.to) {
				docs = append(docs, t.to)
			}
		default:
			others++
		}
	}
	if len(docs) == 0 && others == 0 && len(sense.lost) == 1 && len(sense.groups) == 0 && f.o.Source == nil && isPolicyName(path) {
		docs = f.topDocuments(sense.lost[0])
	}
	if len(docs) != 1 || others > 0 || len(sense.groups) > 0 {
		return "", false
	}
	return f.document(docs[0], 0)
}

// isPolicyName tells by its name that an argument holds a policy document.
func isPolicyName(path string) bool {
	name := path[strings.LastIndexByte(path, '.')+1:]
	return strings.Contains(name, "policy") && !strings.HasSuffix(name, "_arn")
}

// topDocuments are the deferred documents of a module instance that no other one takes in, and
// that no resource names itself.
func (f *planFile) topDocuments(mi *moduleInstance) []*planned {
	if mi.documentsRead {
		return mi.documents
	}
	mi.documentsRead = true
	var docs []*planned
	taken := map[*planned]bool{}
	for _, p := range mi.objects {
		if p.mode != "data" && p.block != nil {
			f.markNamed(p, taken)
		}
		if p.typ != documentType || p.mode != "data" {
			continue
		}
		docs = append(docs, p)
		if p.block == nil {
			continue
		}
		for _, name := range documentLists {
			for _, t := range f.follow(p.context(), p.block.args.field(name), nil, 0).targets {
				taken[t.to] = true
			}
		}
	}
	mi.documents = slices.DeleteFunc(docs, func(p *planned) bool { return taken[p] })
	return mi.documents
}

// markNamed marks the documents that policies of a resource name without a local between them.
func (f *planFile) markNamed(p *planned, taken map[*planned]bool) {
	for name, arg := range p.block.args.fields {
		if !isPolicyName(name) {
			continue
		}
		for _, t := range f.follow(p.context(), arg, nil, 0).targets {
			taken[t.to] = true
		}
	}
}

// documentLists are the arguments by which a document takes others in.
var documentLists = []string{"source_policy_documents", "override_policy_documents", "source_json", "override_json"}

// document writes the text of a deferred document, with holes where it is not known. ok is
// false when not even its statements are.
func (f *planFile) document(p *planned, hops int) (text string, ok bool) {
	if hops > maxHops {
		return "", false
	}
	if f.o.Source != nil {
		m := merger{f: f, p: p}
		q := m.query("json")
		if e, ok := f.o.Source.Expression(q); ok {
			if text, ok := e.Value.(string); ok {
				return text, true
			}
		}
	}
	values, pending := objectOf(p.afterValues), objectOf(p.afterPending)
	if pending.Get("statement") == true {
		return "", false
	}
	d := &documentWriter{f: f, p: p, hops: hops, known: true}
	d.takeIn("source_policy_documents", "source_json")
	statements, _ := values.Get("statement").(assize.List)
	marks, _ := pending.Get("statement").(assize.List)
	for i, s := range statements {
		var mark assize.Value
		if i < len(marks) {
			mark = marks[i]
		}
		d.add(d.statement(objectOf(s), objectOf(mark), i, len(statements)), false)
	}
	d.takeIn("override_policy_documents", "override_json")
	if !d.known {
		return "", false
	}
	version, _ := values.Get("version").(string)
	if version == "" {
		version = "2012-10-17" // the data source's default
	}
	return collect.PolicyText(assize.Object{{Name: "Statement", Value: d.statements}, {Name: "Version", Value: version}}, nil)
}

// documentWriter puts statements together.
type documentWriter struct {
	f          *planFile
	p          *planned
	hops       int
	statements assize.List
	known      bool // every statement is seen
}

// add appends a statement; one that overrides takes the place of that of the same Sid.
func (d *documentWriter) add(s assize.Object, override bool) {
	sid, _ := s.Get("Sid").(string)
	if override && sid != "" {
		for i, old := range d.statements {
			if objectOf(old).Get("Sid") == sid {
				d.statements[i] = s
				return
			}
		}
	}
	d.statements = append(d.statements, s)
}

// takeIn adds the statements of the documents that an argument lists.
func (d *documentWriter) takeIn(list, single string) {
	override := strings.HasPrefix(list, "override")
	values, pending := objectOf(d.p.afterValues), objectOf(d.p.afterPending)
	for _, name := range []string{list, single} {
		texts := textsAt(values, name)
		for _, text := range texts {
			d.text(text, override)
		}
		if !markedAt(pending, name) {
			continue
		}
		if d.p.block == nil {
			d.known = false
			return
		}
		sense := d.f.follow(d.p.context(), d.p.block.args.field(name), nil, 0)
		if len(sense.lost)+len(sense.groups) > 0 || len(sense.targets) == 0 {
			d.known = false
			return
		}
		for _, t := range sense.targets {
			if t.to.typ != documentType || t.to.mode != "data" {
				d.known = false
				return
			}
			text, ok := d.f.document(t.to, d.hops+1)
			if !ok {
				d.known = false
				return
			}
			d.text(text, override)
		}
	}
}

// text adds the statements of a document's text.
func (d *documentWriter) text(text string, override bool) {
	v, err := parseJSON([]byte(text), nil)
	if err != nil {
		d.known = false
		return
	}
	statements, ok := objectOf(v).Get("Statement").(assize.List)
	if !ok {
		if one, isObject := objectOf(v).Get("Statement").(assize.Object); isObject {
			statements = assize.List{one}
		}
	}
	for _, s := range statements {
		d.add(objectOf(s), override)
	}
}

// statement writes one statement as AWS reads it.
func (d *documentWriter) statement(s, mark assize.Object, i, n int) assize.Object {
	var written *cfgExpr
	if d.p.block != nil {
		written = element(d.p.block.args.field("statement"), i, n)
	}
	out := assize.Object{}
	if sid, ok := s.Get("sid").(string); ok && sid != "" {
		out = out.Set("Sid", sid)
	}
	effect, _ := s.Get("effect").(string)
	switch {
	case mark.Get("effect") == true:
		out = out.Set("Effect", assize.Hole)
	case effect == "":
		out = out.Set("Effect", "Allow")
	default:
		out = out.Set("Effect", effect)
	}
	for _, pair := range [][2]string{
		{"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"},
	} {
		if list := d.texts(s.Get(pair[0]), mark.Get(pair[0]), within(written, pair[0]), d.bucketARNs); len(list) > 0 {
			out = out.Set(pair[1], list)
		}
	}
	for _, pair := range [][2]string{{"principals", "Principal"}, {"not_principals", "NotPrincipal"}} {
		if v := d.principals(s.Get(pair[0]), mark.Get(pair[0]), within(written, pair[0])); v != nil {
			out = out.Set(pair[1], v)
		}
	}
	if v := d.conditions(s.Get("condition"), mark.Get("condition"), within(written, "condition")); v != nil {
		out = out.Set("Condition", v)
	}
	return out
}

// texts are the elements of a list. What is not known is a hole, unless names says it for
// all such elements of the references.
func (d *documentWriter) texts(v, mark assize.Value, e *cfgExpr, names func([]target, int) []string) assize.List {
	if mark == true {
		return assize.List{assize.Hole}
	}
	list, _ := v.(assize.List)
	marks, _ := mark.(assize.List)
	out := slices.Clone(list)
	var unknown []int
	for i := range out {
		if i < len(marks) && marks[i] == true {
			unknown = append(unknown, i)
			out[i] = assize.Hole
		}
	}
	if len(unknown) == 0 || names == nil || e == nil {
		return out
	}
	sense := d.f.follow(d.p.context(), e, nil, 0)
	if len(sense.lost)+len(sense.groups) > 0 {
		return out
	}
	if texts := names(sense.targets, len(unknown)); len(texts) == len(unknown) {
		for i, text := range texts {
			out[unknown[i]] = text
		}
	}
	return out
}

// bucketARNs are the texts of unknown elements among resources. A plan says to which
// attributes the list refers, not which element to which, nor what stands behind an ARN.
// Two elements of one bucket's ARN are the bucket and its objects: nothing else is written
// twice of one ARN where requests are to be covered. Everything else stays a hole.
func (d *documentWriter) bucketARNs(targets []target, n int) []string {
	var texts []string
	for _, t := range targets {
		to := d.f.identified(t, "arn", 0)
		if to == nil || to.typ != "aws_s3_bucket" || len(targets)*2 != n {
			return nil
		}
		arn := d.f.m.ARN(to.after.p)
		texts = append(texts, arn, arn+"/*")
	}
	return texts
}

// principalARNs are the ARNs of unknown principals: nothing stands behind them.
func (d *documentWriter) principalARNs(targets []target, _ int) []string {
	var texts []string
	for _, t := range targets {
		to := d.f.identified(t, "arn", 0)
		if to == nil || t.attr != "arn" {
			return nil
		}
		texts = append(texts, d.f.m.ARN(to.after.p))
	}
	return texts
}

// principals are those of a statement: "*", or lists by kind.
func (d *documentWriter) principals(v, mark assize.Value, e *cfgExpr) assize.Value {
	if mark == true {
		return assize.Hole
	}
	list, _ := v.(assize.List)
	marks, _ := mark.(assize.List)
	out := assize.Object{}
	for i, one := range list {
		var m assize.Object
		if i < len(marks) {
			m = objectOf(marks[i])
		}
		kind, _ := objectOf(one).Get("type").(string)
		names := d.texts(objectOf(one).Get("identifiers"), m.Get("identifiers"), within(element(e, i, len(list)), "identifiers"), d.principalARNs)
		if kind == "*" && len(names) == 1 && names[0] == "*" {
			return "*"
		}
		if kind == "*" {
			kind = "AWS"
		}
		if old, ok := out.Get(kind).(assize.List); ok {
			names = append(slices.Clone(old), names...)
		}
		out = out.Set(kind, names)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// conditions are those of a statement, by operator and key.
func (d *documentWriter) conditions(v, mark assize.Value, e *cfgExpr) assize.Value {
	if mark == true {
		return assize.Hole
	}
	list, _ := v.(assize.List)
	marks, _ := mark.(assize.List)
	out := assize.Object{}
	for i, one := range list {
		var m assize.Object
		if i < len(marks) {
			m = objectOf(marks[i])
		}
		test, _ := objectOf(one).Get("test").(string)
		variable, _ := objectOf(one).Get("variable").(string)
		if test == "" || variable == "" {
			return assize.Hole
		}
		values := d.texts(objectOf(one).Get("values"), m.Get("values"), within(element(e, i, len(list)), "values"), nil)
		keys := objectOf(out.Get(test))
		if old, ok := keys.Get(variable).(assize.List); ok {
			values = append(slices.Clone(old), values...)
		}
		out = out.Set(test, slices.Clone(keys).Set(variable, values))
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
