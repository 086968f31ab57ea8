package library

import (
	"regexp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// Forms of keywords: those of Audit Manager, and for prompts a name of ours.
var keywordForms = map[assize.ExpectationKind]*regexp.Regexp{
	assize.ByAPI:         regexp.MustCompile(`^[a-z0-9-]+_[A-Z][A-Za-z0-9]+$`),
	assize.ByCloudTrail:  regexp.MustCompile(`^[a-z0-9-]+_[A-Z][A-Za-z0-9]+$`),
	assize.ByConfig:      regexp.MustCompile(`^([A-Z][A-Z0-9]*(_[A-Z0-9]+)*|Custom_[A-Za-z0-9_-]+)$`),
	assize.BySecurityHub: regexp.MustCompile(`^(PCI\.)?[A-Za-z][A-Za-z0-9]*\.[0-9]+$|^[0-9]+\.[0-9]+$`),
	assize.ByInference:   wordsID,
}

// lintEvidence judges the checks and expectations of a control or common control, named by what.
func (l *Library) lintEvidence(list *faultList, at place, what string, checks []string, expectations []assize.Expectation) {
	l.lintChecks(list, at, what, checks)
	seen := map[string]bool{}
	for i := range expectations {
		e := &expectations[i]
		here := at.at("expectations", i)
		name := what + ": expectation " + e.ID
		list.want(wordsID.MatchString(e.ID), here, "%s: expectation id %q: want lower-case words joined by -", what, e.ID)
		list.want(!seen[e.ID], here, "%s stands twice", name)
		seen[e.ID] = true
		if !slices.Contains(assize.ExpectationKinds, e.Kind) {
			list.want(false, here, "%s: kind %q is not one of %v", name, e.Kind, assize.ExpectationKinds)
			continue
		}
		l.lintSource(list, here, name, e)
		l.lintDemand(list, here, name, e)
	}
}

func (l *Library) lintChecks(list *faultList, at place, what string, checks []string) {
	seen := map[string]bool{}
	for i, id := range checks {
		list.want(l.Check(id) != nil, at.at("checks", i), "%s names check %q, which there is none of", what, id)
		list.want(!seen[id], at.at("checks", i), "%s names check %q twice", what, id)
		seen[id] = true
	}
}

// lintSource judges what names the source of the evidence.
func (l *Library) lintSource(list *faultList, at place, name string, e *assize.Expectation) {
	l.lintChecks(list, at, name, e.Checks)
	list.want((e.Kind == assize.ByCheck) == (len(e.Checks) > 0), at, "%s: checks stand with kind check, and only there", name)
	form := keywordForms[e.Kind]
	list.want((form != nil) == (e.Keyword != ""), at, "%s: keyword: kind %s has %s", name, e.Kind, map[bool]string{true: "one", false: "none"}[form != nil])
	if form != nil && e.Keyword != "" {
		list.want(form.MatchString(e.Keyword), at.at("keyword"), "%s: keyword %q has not the form of kind %s", name, e.Keyword, e.Kind)
	}
	if e.Kind == assize.ByCloudTrail {
		_, action, _ := strings.Cut(e.Keyword, "_")
		reads := slices.ContainsFunc([]string{"Get", "List", "Describe"}, func(p string) bool { return strings.HasPrefix(action, p) })
		list.want(!reads, at.at("keyword"), "%s: keyword %q: reads are no evidence of activity; name an event that writes", name, e.Keyword)
	}
	list.want((e.Kind == assize.ByQuestionnaire) == (e.Record != ""), at, "%s: record stands with kind questionnaire, and only there", name)
	if _, there := l.catalogue.records[e.Record]; e.Record != "" {
		list.want(there, at.at("record"), "%s: there is no governance record %q", name, e.Record)
	}
}

// maxDays is how long evidence may be due or fresh: ten years.
const maxDays = 3660

// lintDemand judges who must answer, how often, of what.
func (l *Library) lintDemand(list *faultList, at place, name string, e *assize.Expectation) {
	if e.Kind.Person() {
		list.want(e.Title != "", at, "%s: title: say in one sentence what is asked", name)
		list.want(e.Owner != "", at, "%s: owner: say which role answers", name)
		list.want(e.Example != "", at, "%s: example: say what evidence is enough", name)
	}
	if e.Per != "" {
		list.want(l.Definition(e.Per) != nil, at.at("per"), "%s: per: type %q is not declared in resources", name, e.Per)
	}
	if e.Cadence != "" {
		err := checkCadence(e.Cadence, e.TimeZone)
		list.want(err == nil, at.at("cadence"), "%s: cadence: %v", name, err)
	}
	list.want(e.TimeZone == "" || e.Cadence != "", at.at("time_zone"), "%s: time_zone stands with cadence", name)
	list.want(min(e.DueDays, e.FreshDays, e.Reviewers) >= 0 && max(e.DueDays, e.FreshDays) <= maxDays, at,
		"%s: due_days, fresh_days and reviewers are not negative, and days at most %d", name, maxDays)
}

// recordTypes are the types of fields of governance records.
var recordTypes = []string{"text", "choice", "choices", "date", "person", "bool", "number", "resource", "link", "rows"}

func (l *Library) lintRecord(id string, f file) []error {
	r, err := l.Record(id)
	if err != nil {
		return []error{err}
	}
	list, top := &faultList{}, place{file: f}
	list.want(wordsID.MatchString(id), top, "the id %q is the name of the file: want lower-case words joined by -", id)
	list.filled(top, map[string]string{"title": r.Title, "description": r.Description})
	list.want(r.Kind == "questionnaire" || r.Kind == "register", top.at("kind"), "kind: %q is not one of questionnaire, register", r.Kind)
	list.addresses(top, r.Sources)
	if r.Review != "" {
		err := checkCadence(r.Review, "")
		list.want(err == nil, top.at("review"), "review: %v", err)
	}
	list.want(len(r.Fields) > 0, top, "fields: there is none")
	lintFields(list, top.at("fields"), r.Fields)
	return list.errs
}

var fieldName = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)

func lintFields(list *faultList, at place, fields []assize.RecordField) {
	seen := map[string]bool{}
	for i, f := range fields {
		here := at.at(i)
		list.want(fieldName.MatchString(f.Name), here, "field %q: want lower-case words joined by _", f.Name)
		list.want(!seen[f.Name], here, "field %q stands twice", f.Name)
		seen[f.Name] = true
		list.want(f.Title != "", here, "field %s: title: there is none", f.Name)
		list.want(slices.Contains(recordTypes, f.Type), here, "field %s: type %q is not one of %v", f.Name, f.Type, recordTypes)
		choice := f.Type == "choice" || f.Type == "choices"
		list.want(choice == (len(f.Choices) > 0), here, "field %s: choices stand with type choice or choices, and only there", f.Name)
		list.want((f.Type == "rows") == (len(f.Fields) > 0), here, "field %s: fields stand with type rows, and only there", f.Name)
		lintFields(list, here.at("fields"), f.Fields)
	}
}
