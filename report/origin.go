package report

import (
	"strings"

	"github.com/assize-dev/assize"
)

// origin is where a planned resource stands; nil for a finding about anything else.
func origin(f *assize.Finding) *assize.Origin {
	if f.Resource == nil {
		return nil
	}
	return f.Resource.Origin
}

// originText says in one line where a planned resource stands and what becomes of it;
// empty for one that was read from AWS.
func originText(f *assize.Finding) string {
	o := origin(f)
	if o == nil {
		return ""
	}
	var parts []string
	for _, s := range []string{o.Place(), callText(o), o.Action} {
		if s != "" {
			parts = append(parts, cutID(clean(s), textSubject))
		}
	}
	return strings.Join(parts, " · ")
}

func callText(o *assize.Origin) string {
	if o.Module == "" {
		return ""
	}
	return "called by " + o.Call()
}

// exceptionText says what an exception does to the finding; empty without one.
func exceptionText(f *assize.Finding) string {
	if f.Exception == nil {
		return ""
	}
	return cut(paragraph(head(f.Exception.String(), textReason)), textReason)
}

// reasonOf is the reason of a finding with its exception, on one line.
func reasonOf(f *assize.Finding) string {
	reason := cut(paragraph(head(f.Reason, textReason)), textReason)
	if e := exceptionText(f); e != "" {
		reason += " [" + e + "]"
	}
	return reason
}

// sourceFile is the file that a format for code shows a finding in: where the resource
// is defined, else what was read.
func sourceFile(f *assize.Finding, run string) (file string, line int) {
	if o := origin(f); o != nil && o.File != "" {
		return o.File, max(o.Line, 1)
	}
	return run, 1
}

// sourceKey identifies check and subject in formats for code: the same for the same
// check and address, whatever account and Region the plan shows.
func sourceKey(f *assize.Finding) string {
	if o := origin(f); o != nil {
		return digest(f.Check.ID + "|" + o.Address)
	}
	return digest(f.Key())
}
