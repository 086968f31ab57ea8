package deployment

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
)

// checkAnswers holds answers against the questions of a record. Its error names everything that is wrong.
func checkAnswers(schema *assize.RecordSchema, answers map[string]any) error {
	if errs := checkFields(schema.Fields, answers, ""); len(errs) > 0 {
		return fmt.Errorf("answers to %s: %w", schema.ID, errors.Join(errs...))
	}
	return nil
}

func checkFields(fields []assize.RecordField, answers map[string]any, at string) []error {
	var errs []error
	for name := range answers {
		if !slices.ContainsFunc(fields, func(f assize.RecordField) bool { return f.Name == name }) {
			errs = append(errs, fmt.Errorf("%s%s: there is no such question", at, name))
		}
	}
	for i := range fields {
		f := &fields[i]
		answer := answers[f.Name]
		if unanswered(answer) {
			if f.Required {
				errs = append(errs, fmt.Errorf("%s%s: it must be answered: %s", at, f.Name, f.Title))
			}
			continue
		}
		errs = append(errs, checkField(f, answer, at+f.Name)...)
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}

// unanswered reports whether an answer says nothing.
func unanswered(answer any) bool {
	switch answer := answer.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(answer) == ""
	case []any:
		return len(answer) == 0
	}
	return false
}

// checkField holds one answer against the type of its question.
func checkField(f *assize.RecordField, answer any, at string) []error {
	text, isText := answer.(string)
	ok, want := false, ""
	switch f.Type {
	case "text", "person":
		ok, want = isText, "a text"
	case "choice":
		ok, want = isText && slices.Contains(f.Choices, text), "one of "+strings.Join(f.Choices, ", ")
	case "choices":
		list, isList := answer.([]any)
		ok, want = isList, "a list of "+strings.Join(f.Choices, ", ")
		for _, x := range list {
			s, _ := x.(string)
			ok = ok && slices.Contains(f.Choices, s)
		}
	case "date":
		if t, isTime := answer.(time.Time); isTime {
			text, isText = t.Format(time.DateOnly), true
		}
		_, err := time.Parse(time.DateOnly, text)
		ok, want = isText && err == nil, "a day as 2006-01-02"
	case "bool":
		_, ok = answer.(bool)
		want = "true or false"
	case "number":
		switch answer.(type) {
		case int, int64, uint64, float64:
			ok = true
		}
		want = "a number"
	case "resource":
		ok, want = isText && strings.HasPrefix(text, "arn:"), "an ARN"
	case "link":
		u, err := url.Parse(text)
		ok, want = isText && err == nil && u.Scheme != "" && u.Host != "", "a link such as https://…"
	case "rows":
		return checkRows(f, answer, at)
	default:
		return []error{fmt.Errorf("%s: the question has type %q, which this version does not know", at, f.Type)}
	}
	if !ok {
		return []error{fmt.Errorf("%s: want %s, got %.100q", at, want, fmt.Sprint(answer))}
	}
	return nil
}

func checkRows(f *assize.RecordField, answer any, at string) []error {
	rows, ok := answer.([]any)
	if !ok {
		return []error{fmt.Errorf("%s: want a list of rows", at)}
	}
	var errs []error
	for i, row := range rows {
		fields, ok := row.(map[string]any)
		if !ok {
			errs = append(errs, fmt.Errorf("%s[%d]: want a row with named answers", at, i))
			continue
		}
		errs = append(errs, checkFields(f.Fields, fields, fmt.Sprintf("%s[%d].", at, i))...)
	}
	return errs
}
