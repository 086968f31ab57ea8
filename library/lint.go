package library

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// linter collects the faults of one file.
type linter struct {
	file file
	errs []error
	tree *yaml.Node // of the file, once there is a fault
}

// want notes a fault at the key's line unless ok.
func (l *linter) want(ok bool, key, format string, args ...any) {
	if !ok {
		if l.tree == nil {
			l.tree = treeOf(l.file.data)
		}
		at := lineOfKey(l.tree, key)
		l.errs = append(l.errs, fmt.Errorf("%s:%d: %s: %s", l.file.name(), at, key, fmt.Sprintf(format, args...)))
	}
}

func (l *linter) err() error { return errors.Join(l.errs...) }

var (
	checkID    = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`)
	typePat    = regexp.MustCompile(`^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$`)
	lookupName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	factPath   = regexp.MustCompile(`^[A-Za-z0-9_]+(\[\])?(\.[A-Za-z0-9_]+(\[\])?)*$`)
	operation  = regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$`)
)

func lintCheck(f file, c *assize.Check) error {
	l := &linter{file: f}
	l.want(checkID.MatchString(c.ID), "title", "the folder %q is the check's id: want lower-case words joined by _", c.ID)
	l.want(c.Title != "" && !strings.HasSuffix(c.Title, "."), "title", "want one statement, without a full stop")
	l.want(c.Why != "", "why", "say why it matters for AI workloads")
	l.want(c.Severity.Valid(), "severity", "%q is not one of %v", c.Severity, assize.Severities)
	l.want(slices.Contains(assize.SubjectKinds, c.Subject.Kind), "subject", "kind %q is not one of %v", c.Subject.Kind, assize.SubjectKinds)
	l.want(slices.Contains([]assize.None{assize.NoneFails, assize.NoneNotApplicable, assize.NoneAsProfile}, c.Subject.None),
		"subject", "none: say what it means that there is none: fail, not_applicable or profile")
	l.want((c.Subject.None == assize.NoneAsProfile) == (c.Subject.Profile != ""), "subject", "profile: names the field that none: profile asks, and stands only with it")
	l.want(c.Rule != "", "rule", "there is none")
	l.want((c.Applies == "") == (c.NotApplicableWhen == ""), "applies", "applies and not_applicable_when go together")
	l.want(c.Fails != "", "fails", "say in one sentence what a failure means")
	l.want(c.Remediation.Text != "", "remediation", "text: say what to do")
	l.want(slices.Contains(assize.RetrofitCosts, c.Retrofit.Cost), "retrofit", "cost %q is not one of %v", c.Retrofit.Cost, assize.RetrofitCosts)
	l.want(c.Retrofit.Note != "", "retrofit", "note: say what the cost consists of")
	l.want(len(c.Sources) > 0, "sources", "name the pages that the rule rests on")
	for _, s := range c.Sources {
		l.want(strings.HasPrefix(s, "https://"), "sources", "%q is no https address", s)
	}
	return l.err()
}

func lintDefinition(f file, d *assize.Definition) error {
	l := &linter{file: f}
	l.want(typePat.MatchString(d.Type), "type", "%q is no type name such as AWS::S3::Bucket", d.Type)
	file := strings.TrimSuffix(f.path[strings.LastIndexByte(f.path, '/')+1:], ".yaml")
	l.want(strings.ReplaceAll(d.Type, "::", "-") == file, "type", "%q does not fit the name of the file", d.Type)
	l.want(d.Title != "", "title", "there is none")
	l.want(operation.MatchString(d.List), "list", "%q is no operation such as s3:ListBuckets", d.List)
	for _, name := range []string{d.One, d.Many} {
		l.want(name == "" || lookupName.MatchString(name), "one", "%q is no name of a function", name)
	}
	for i := range d.Facts {
		lintFact(l, &d.Facts[i])
	}
	lintAIWhen(l, d)
	if w := d.AskedWhen; w != nil {
		fits := func(f assize.Fact) bool {
			unlisted := func(v string) bool { return !slices.Contains(f.Values, v) }
			return f.Path == w.Fact && f.Type == assize.String && len(w.In) > 0 && !slices.ContainsFunc(w.In, unlisted)
		}
		l.want(slices.ContainsFunc(d.Facts, fits), "asked_when", "want a fact of type string, and some of its values, got %q in %q", w.Fact, w.In)
	}
	return l.err()
}

func lintAIWhen(l *linter, d *assize.Definition) {
	w := d.AIWhen
	if w == nil {
		return
	}
	text := func(f assize.Fact) bool { return f.Path == w.Fact && f.Type == assize.String }
	l.want(slices.ContainsFunc(d.Facts, text), "ai_when", "%q is no fact of type string", w.Fact)
	l.want(len(w.Like) > 0, "ai_when", "there are no patterns")
	l.want(!d.AI, "ai_when", "all of the type are AI already")
}

func lintFact(l *linter, f *assize.Fact) {
	l.want(factPath.MatchString(f.Path), "facts", "path %q: want names joined by dots, [] after a list", f.Path)
	l.want(slices.Contains(assize.FactTypes, f.Type), "facts", "%s: type %q is not one of %v", f.Path, f.Type, assize.FactTypes)
	l.want(f.Doc != "", "facts", "%s: doc: say what it means", f.Path)
	identity := strings.HasPrefix(f.At, "$")
	l.want(identity != operation.MatchString(f.From), "facts", "%s: from: name the operation that answers it (or at: $id, $arn, $account, $region)", f.Path)
	l.want(identity || f.Default != nil || f.Absent != "", "facts", "%s: say what absence means: default or absent", f.Path)
	l.want(slices.Contains([]string{"", "reverse", "none"}, f.Scope), "facts", "%s: scope %q is not one of reverse, none", f.Path, f.Scope)
	l.want(f.Scope == "" || f.Ref != "", "facts", "%s: scope stands only with ref", f.Path)
	l.want(f.Ref == "" || typePat.MatchString(f.Ref), "facts", "%s: ref %q is no type name", f.Path, f.Ref)
}
