package library

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// The limits of the Audit Manager API, in characters.
const (
	maxTitle = 300
	maxText  = 1000
)

var (
	wordsID    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	contentID  = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)
	controlID  = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 ._:()/§-]{0,58}[A-Za-z0-9)])?$`)
	amazonForm = regexp.MustCompile(`^[A-Z]+AI3\.[0-9]+$`)
)

// published are the names that AWS has published of controls of its Generative AI Best
// Practices Framework v2, by id; the id of the last is not published.
var published = map[string]string{
	"ACCUAI3.4": "Regular Audits", "ACCUAI3.6": "Source Verification", "ACCUAI3.14": "Quality Data Sourcing",
	"RESPAI3.8": "Document Risks and Tolerances", "RESPAI3.9": "Develop AI RACI", "RESPAI3.13": "Continuous Risk Monitoring",
	"RESPAI3.15": "Ethical Guidelines", "SECAI3.2": "Data Encryption In Transit", "SECAI3.3": "Data Encryption At Rest",
	"SECAI3.7": "Least Privilege", "SECAI3.8": "Periodic Reviews", "SECAI3.15": "Access Logging",
	"": "Error analysis",
}

// Lint finds the faults of frameworks, common controls, mappings and governance records, each
// with file and line. The faults of checks and resources come with loading.
func (l *Library) Lint() error {
	hub, err := l.catalogue.hub()
	errs := []error{err}
	for _, id := range l.FrameworkIDs() {
		errs = append(errs, l.lintFramework(l.catalogue.frameworks[id])...)
	}
	for i, f := range l.catalogue.domains {
		if err == nil {
			errs = append(errs, l.lintDomain(f, hub.domains[i])...)
		}
	}
	for _, id := range l.MappingIDs() {
		errs = append(errs, l.lintMappings(id, l.catalogue.mappings[id])...)
	}
	for _, id := range l.RecordIDs() {
		errs = append(errs, l.lintRecord(id, l.catalogue.records[id])...)
	}
	return errors.Join(errs...)
}

// LintFramework finds the faults of one framework and its mappings, each with file and line.
func (l *Library) LintFramework(id string) error {
	fw, err := l.Framework(id)
	if err != nil {
		return err
	}
	errs := l.lintFramework(l.catalogue.frameworks[fw.ID])
	if f, ok := l.catalogue.mappings[fw.ID]; ok {
		errs = append(errs, l.lintMappings(fw.ID, f)...)
	}
	return errors.Join(errs...)
}

// place is a part of a file: where the keys lead to.
type place struct {
	file file
	keys []any
	// whole: parts of what is there are not told apart, since not all of it is written there.
	whole bool
}

func (p place) at(keys ...any) place {
	if p.whole {
		return p
	}
	return place{file: p.file, keys: append(slices.Clip(p.keys), keys...)}
}

// faultList collects faults.
type faultList struct {
	errs  []error
	trees map[string]*yaml.Node // files with faults, by name: each is read once
}

// want notes a fault at the place unless ok.
func (l *faultList) want(ok bool, at place, format string, args ...any) {
	if !ok {
		l.errs = append(l.errs, fmt.Errorf("%s:%d: %s", at.file.name(), l.line(at), fmt.Sprintf(format, args...)))
	}
}

// line is the line on which a place begins.
func (l *faultList) line(at place) int {
	name := at.file.name()
	tree, ok := l.trees[name]
	if !ok {
		if l.trees == nil {
			l.trees = map[string]*yaml.Node{}
		}
		tree = treeOf(at.file.data)
		l.trees[name] = tree
	}
	return lineIn(tree, at.keys...)
}

// within holds a text to a limit in characters.
func (l *faultList) within(at place, name, text string, limit int) {
	n := utf8.RuneCountInString(strings.TrimSpace(text))
	l.want(n <= limit, at.at(name), "%s: has %d characters, want at most %d", name, n, limit)
}

// addresses holds sources to https.
func (l *faultList) addresses(at place, sources []string) {
	for i, s := range sources {
		l.want(strings.HasPrefix(s, "https://"), at.at("sources", i), "sources: %q is no https address", s)
	}
}

// filled holds that texts are there.
func (l *faultList) filled(at place, texts map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		l.want(strings.TrimSpace(texts[name]) != "", at.at(name), "%s: there is none", name)
	}
}

func (l *Library) lintFramework(content *frameworkContent) []error {
	fw, err := content.written()
	if err != nil {
		return []error{err}
	}
	if errs := l.lintWritten(content, fw); len(errs) > 0 {
		return errs
	}
	finished, err := content.finished()
	if err != nil {
		return []error{err}
	}
	return l.lintFinished(content, fw, finished)
}

// lintFinished judges what the framework as it is written, with what it inherits, comes to.
func (l *Library) lintFinished(content *frameworkContent, fw, finished *assize.Framework) []error {
	list, written := &faultList{}, places(content, fw)
	for _, g := range finished.Groups {
		for i := range g.Controls {
			c := &g.Controls[i]
			at, own := written[c.ID]
			if !own { // inherited
				at.file, _, _ = content.parts()
			}
			list.want(len(c.Checks)+len(c.Expectations) > 0, at,
				"control %q: nothing answers it: it needs a check, an expectation or a mapping to a common control that has one", c.ID)
			if fw.Extends != nil && own {
				at.whole = true
				list.want(c.Title != "", at, "control %q: title: there is none", c.ID)
				lintWhole(list, at, finished, c)
				lintProvenance(list, at, c)
				l.lintEvidence(list, at, "control "+c.ID, nil, c.Expectations)
			}
		}
	}
	return list.errs
}

// lintWritten judges what the files of a framework say, without what it inherits.
func (l *Library) lintWritten(content *frameworkContent, fw *assize.Framework) []error {
	first, groups, _ := content.parts()
	list := &faultList{}
	lintHeader(list, place{file: first}, fw)
	seen := map[string]bool{}
	for i := range fw.Groups {
		at := place{file: first}.at("groups", i)
		if len(groups) > 0 {
			at = place{file: groups[i]}
		}
		l.lintGroup(list, at, fw, &fw.Groups[i], seen)
	}
	return list.errs
}

// places are where the controls of a framework are written, by id; the first of two.
func places(content *frameworkContent, fw *assize.Framework) map[string]place {
	first, groups, _ := content.parts()
	out := map[string]place{}
	for g := range fw.Groups {
		at := place{file: first}.at("groups", g)
		if len(groups) > 0 {
			at = place{file: groups[g]}
		}
		for i, c := range fw.Groups[g].Controls {
			if _, twice := out[c.ID]; !twice {
				out[c.ID] = at.at("controls", i)
			}
		}
	}
	return out
}

func lintHeader(list *faultList, at place, fw *assize.Framework) {
	list.want(contentID.MatchString(fw.ID), at, "the id %q is the name of the file or folder: want lower-case words joined by _", fw.ID)
	texts := map[string]string{"title": fw.Title, "version": fw.Version}
	if fw.Extends == nil {
		texts["provenance"], texts["description"] = fw.Provenance, fw.Description
	}
	list.filled(at, texts)
	list.within(at, "title", fw.Title, maxTitle)
	list.addresses(at, fw.Sources)
	for i, f := range fw.Facts {
		list.want(f.Name != "" && f.Value != "", at.at("facts", i), "facts: want a name and a value")
	}
	for i, q := range fw.Questions {
		list.want(q.Question != "" && q.Answer != "", at.at("questions", i), "questions: want a question and its answer")
	}
	foreign := fw.Requirements
	for _, g := range fw.Groups {
		foreign = foreign || slices.ContainsFunc(g.Controls, func(c assize.Control) bool {
			return c.Provenance != "" && c.Provenance != assize.ProvenanceAssize
		})
	}
	list.want(!foreign || fw.Licence != "", at.at("provenance"), "licence: ids or titles are not ours: say from where they are and on which terms they may be used")
	list.want(!fw.ByService || len(fw.Groups) == 0, at.at("by_service"), "by_service: the groups are derived, and none may be written")
	list.want(fw.ByService || fw.Extends != nil || len(fw.Groups) > 0, at, "groups: there is none")
}

// lintGroup judges a group; seen are the ids of the controls before it.
func (l *Library) lintGroup(list *faultList, at place, fw *assize.Framework, g *assize.Group, seen map[string]bool) {
	list.want(controlID.MatchString(g.ID), at.at("id"), "id: %q is no id", g.ID)
	list.want(g.Title != "" || fw.Extends != nil, at, "group %q: title: there is none", g.ID)
	list.want(len(g.Controls) > 0, at, "group %q: controls: there is none", g.ID)
	for i := range g.Controls {
		c := &g.Controls[i]
		here := at.at("controls", i)
		list.want(!seen[c.ID], here, "control %q stands twice", c.ID)
		seen[c.ID] = true
		l.lintControl(list, here, fw, c)
	}
}

func (l *Library) lintControl(list *faultList, at place, fw *assize.Framework, c *assize.Control) {
	list.want(controlID.MatchString(c.ID), at.at("id"), "id: %q: want at most 60 letters, digits and . _ - : ( ) / or spaces", c.ID)
	list.within(at, "title", c.ID+": "+c.Title, maxTitle)
	list.within(at, "description", c.Description, maxText)
	list.within(at, "testing_information", c.Testing, maxText)
	list.within(at, "action_plan_title", c.ActionPlanTitle, maxTitle)
	list.within(at, "action_plan", c.ActionPlan, maxText)
	if fw.Extends == nil { // what overrides is judged with what it overrides: see lintFinished
		lintWhole(list, at, fw, c)
		lintProvenance(list, at, c)
		l.lintEvidence(list, at, "control "+c.ID, nil, c.Expectations)
	}
	l.lintChecks(list, at, "control "+c.ID, c.Checks)
	lintApplicability(list, at.at("applies_to"), c.AppliesTo)
	list.want(slices.Contains([]string{"", "provider", "shared", "customer"}, c.Responsibility), at.at("responsibility"),
		"responsibility: %q is not one of provider, shared, customer", c.Responsibility)
	list.want(c.Proof == "" || c.Responsibility == "provider" || c.Responsibility == "shared", at.at("proof"), "proof: stands with responsibility: provider or shared")
}

// lintWhole holds a control that has texts to having all.
func lintWhole(list *faultList, at place, fw *assize.Framework, c *assize.Control) {
	texts := map[string]string{"description": c.Description, "testing_information": c.Testing, "action_plan_title": c.ActionPlanTitle, "action_plan": c.ActionPlan}
	written := c.Testing != "" || c.ActionPlan != "" || c.ActionPlanTitle != "" || c.Description != "" && !fw.Requirements
	if written && c.Provenance != assize.ProvenanceImported { // an export has the texts that it has
		texts["title"] = c.Title
		list.filled(at, texts)
		list.want(c.Provenance != "", at, "control %q: provenance: say whose it is", c.ID)
	}
	list.want(!fw.Requirements || c.Title != "" && c.Provenance != "", at, "requirement %q: want a title, and provenance: whose it is", c.ID)
}

// lintProvenance holds the rule that nothing of ours passes for AWS's.
func lintProvenance(list *faultList, at place, c *assize.Control) {
	name, named := published[c.ID]
	named = named && name == c.Title || c.Title == published[""] && !amazonForm.MatchString(c.ID)
	if c.Provenance == assize.ProvenanceAWS {
		list.want(named, at, "control %q: provenance: AWS has not published a control of this id and name", c.ID)
		list.want(c.NamedBy != "", at, "control %q: named_by: say which document of AWS names it", c.ID)
		return
	}
	imported := c.Provenance == assize.ProvenanceImported
	list.want(!imported || at.file.own, at.at("provenance"), "provenance: imported: stands in folders of users only: the library ships nobody's export")
	list.want(imported || !amazonForm.MatchString(c.ID), at.at("id"), "id: %q has the form of AWS's ids, and is not one that AWS has published", c.ID)
	list.want(c.NamedBy == "", at.at("named_by"), "named_by: stands with provenance: aws only")
	list.want(contentID.MatchString(c.Provenance) || c.Provenance == "", at.at("provenance"), "provenance: %q: want aws, assize, or the body whose requirement it is, in lower case", c.Provenance)
}

func lintApplicability(list *faultList, at place, a *assize.Applicability) {
	if a == nil {
		return
	}
	for _, s := range a.Scopes {
		list.want(s >= 1 && s <= assize.MaxScope, at.at("scopes"), "scopes: %d is none of the scopes 1 to %d", s, assize.MaxScope)
	}
	factors := a.Factors()
	for _, name := range slices.Sorted(maps.Keys(factors)) {
		for _, v := range factors[name] {
			list.want(slices.Contains(assize.Factors[name], v), at.at(name), "%s: %q is not one of %s", name, v, strings.Join(assize.Factors[name], ", "))
		}
	}
}

func (l *Library) lintDomain(f file, d *assize.Domain) []error {
	list, top := &faultList{}, place{file: f}
	list.want(wordsID.MatchString(d.ID), top, "the id %q is the name of the file: want lower-case words joined by -", d.ID)
	list.filled(top, map[string]string{"title": d.Title})
	list.want(len(d.Objectives) > 0, top, "objectives: there is none")
	for i, o := range d.Objectives {
		at := top.at("objectives", i)
		list.want(wordsID.MatchString(o.ID), at, "objective id %q: want lower-case words joined by -", o.ID)
		list.filled(at, map[string]string{"title": o.Title})
		list.want(len(o.Common) > 0, at, "objective %s: there is no common control", o.ID)
		for j, c := range o.Common {
			at := at.at("common_controls", j)
			list.want(wordsID.MatchString(c.ID), at, "common control id %q: want lower-case words joined by -", c.ID)
			list.filled(at, map[string]string{"title": c.Title, "description": c.Description})
			list.want(len(c.Checks)+len(c.Expectations) > 0, at, "common control %s: nothing answers it: it needs a check or an expectation", c.ID)
			l.lintEvidence(list, at, "common control "+c.ID, c.Checks, c.Expectations)
		}
	}
	return list.errs
}

func (l *Library) lintMappings(id string, f file) []error {
	set, err := l.Mappings(id)
	if err != nil {
		return []error{err}
	}
	list, top := &faultList{}, place{file: f}
	content := l.catalogue.frameworks[id]
	if content == nil {
		list.want(false, top, "the name of the file: there is no framework %q", id)
		return list.errs
	}
	list.filled(top, map[string]string{"version": set.Version, "author": set.Author})
	list.addresses(top, set.Sources)
	fw, err := content.finished()
	if err != nil {
		return append(list.errs, fmt.Errorf("%s: %w", path.Join(f.folder, f.path), err))
	}
	list.want(set.FrameworkVersion == fw.Version, top.at("framework_version"), "framework_version: got %q, the framework is version %q", set.FrameworkVersion, fw.Version)
	controls := controlsOf(fw)
	seen := map[[2]string]bool{}
	for i, m := range set.Mappings {
		at := top.at("mappings", i)
		_, err := l.CommonControl(m.Common)
		list.want(err == nil, at, "%s: common: %v", m.Control, err)
		list.want(controls[m.Control] != nil, at, "control: the framework has none of id %q", m.Control)
		list.want(slices.Contains(assize.Relations, m.Relation), at, "%s: relation: %q is not one of %v", m.Control, m.Relation, assize.Relations)
		list.want(slices.Contains([]string{"high", "medium", "low"}, m.Confidence), at, "%s: confidence: %q is not one of high, medium, low", m.Control, m.Confidence)
		list.want(strings.TrimSpace(m.Rationale) != "", at, "%s: rationale: say why it relates so to %s", m.Control, m.Common)
		pair := [2]string{m.Control, m.Common}
		list.want(!seen[pair], at, "%s is mapped to %s twice", m.Control, m.Common)
		seen[pair] = true
	}
	return list.errs
}
