package report

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// accessOutcomeName is an outcome of access in words.
func accessOutcomeName(o AccessOutcome) string {
	switch o {
	case AccessAlways:
		return "always"
	case AccessConditional:
		return "with conditions"
	case AccessInconclusive:
		return "not decided"
	case AccessBroken:
		return "broken"
	}
	return clean(string(o))
}

// ranges writes indexes in order as numbers from one: 0, 1, 2, 7 is "1–3, 8".
func ranges(indexes []int) string {
	var b strings.Builder
	for i := 0; i < len(indexes); {
		j := i
		for j+1 < len(indexes) && indexes[j+1] == indexes[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(indexes[i] + 1))
		if j > i {
			b.WriteString("–")
			b.WriteString(strconv.Itoa(indexes[j] + 1))
		}
		i = j + 1
	}
	return b.String()
}

// verdictOf is the answer in a sentence.
func (a *Access) verdictOf() string {
	c := a.Counts()
	if c.Can == 0 && c.Inconclusive > 0 {
		return "Nobody is known to be able to, and " + many(c.Inconclusive, "principal") + " could not be decided."
	}
	if c.Can == 0 {
		return "Nobody can, of " + many(a.Asked, "principal") + "."
	}
	s := num(c.Can) + " of " + many(a.Asked, "principal") + " can"
	if c.Always > 0 {
		s += ", " + num(c.Always) + " of them without any condition"
	}
	if c.Indirect > 0 {
		s += ", " + num(c.Indirect) + " through others"
	}
	return s + "."
}

// rest says what the verdict leaves open.
func (a *Access) rest() string {
	c := a.Counts()
	switch {
	case c.Inconclusive > 0:
		return "Of " + many(c.Inconclusive, "principal") + " something could not be decided: that is neither yes nor no."
	case len(a.Unread) > 0:
		return "Something could not be read, so there may be more."
	}
	return nothingOpen(a.Readings)
}

// nothingOpen says that everybody is answered, and on what that rests. It claims no more: what
// a question does not ask about (grants of keys, root users) is not said to have been read.
func nothingOpen(readings []AccessFact) string {
	switch n := len(readings); n {
	case 0:
		return "Nothing that was asked is left undecided."
	case 1:
		return "Nothing that was asked is left undecided, if the reading " + paragraph(readings[0].Name) + " holds."
	default:
		return "Nothing that was asked is left undecided, if the " + num(n) + " readings named here hold."
	}
}

// witnessLines writes the context of a request, a key a line in order: `aws:SourceVpce = vpce-1`.
func witnessLines(w map[string][]string) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(w)) {
		out = append(out, key+" = "+strings.Join(w[key], ", "))
	}
	return out
}
