package reference

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Search finds the pages that hold every word, by part of a word, the best first: a name before a
// title, a title before a text, the beginning of a word before its middle. Where nothing holds all
// words, near is true and the pages are those whose names and titles are spelt most alike. Kinds
// narrow it; none: all.
func (r *Reference) Search(words string, kinds ...Kind) (found []Entry, near bool) {
	want := Words(words)
	if found = r.best(kinds, func(e *Entry) int { return e.score(want) }); len(found) > 0 {
		return found, false
	}
	found = r.Alike(words, kinds...)
	return found[:min(len(found), maxOffers)], true
}

// Alike finds the pages whose names or titles have words spelt like those given, the most alike first.
func (r *Reference) Alike(words string, kinds ...Kind) []Entry {
	var want []map[string]bool
	for _, w := range Words(words) {
		if len(w) >= minWord {
			want = append(want, trigrams(w))
		}
	}
	return r.best(kinds, func(e *Entry) int { return e.alike(want) })
}

// best are the entries of some kinds (none: all) whose score is not 0, the highest first.
func (r *Reference) best(kinds []Kind, score func(*Entry) int) []Entry {
	type hit struct {
		entry Entry
		score int
	}
	var hits []hit
	for i := range r.entries {
		e := &r.entries[i]
		if len(kinds) > 0 && !slices.Contains(kinds, e.Kind) {
			continue
		}
		if s := score(e); s > 0 {
			hits = append(hits, hit{*e, s})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(slices.Index(Kinds, a.entry.Kind), slices.Index(Kinds, b.entry.Kind)),
			cmp.Compare(a.entry.ID, b.entry.ID))
	})
	var found []Entry
	for _, h := range hits {
		found = append(found, h.entry)
	}
	return found
}

// Words splits a text into lower-case words of letters and digits.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// The worth of where a word is found. Whole names decide over any sum of parts.
const (
	worthWhole  = 10_000
	worthName   = 60
	worthTitle  = 30
	worthWithin = 10 // the middle of a word of a name or title
	worthText   = 2
	// minAlike is how alike in percent spelling must be to be offered.
	minAlike = 35
	// minWord is how long a word must be to be compared by its spelling, in bytes.
	minWord = 4
)

// score is what an entry is worth for words; 0 where one of them is missing.
func (e *Entry) score(want []string) int {
	if len(want) == 0 {
		return 0
	}
	names := [][]string{Words(e.ID)}
	for _, n := range e.names {
		names = append(names, Words(n))
	}
	title := Words(e.Title)
	score := 0
	for _, n := range append(slices.Clone(names), title) {
		if slices.Equal(n, want) {
			score = worthWhole
		}
	}
	all := strings.Join(slices.Concat(append(names, title)...), " ")
	text := ""
	for _, w := range want {
		switch {
		case slices.ContainsFunc(names, func(n []string) bool { return begins(n, w) }):
			score += worthName
		case begins(title, w):
			score += worthTitle
		case strings.Contains(all, w):
			score += worthWithin
		default:
			if text == "" {
				text = strings.ToLower(e.text + "\n" + e.In)
			}
			if !strings.Contains(text, w) {
				return 0
			}
			score += worthText
		}
	}
	return score
}

func begins(words []string, part string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, part) })
}

// alike is how alike in percent each of the words, as trigrams, is to one of the entry's names and
// title (Sørensen-Dice), on average; 0 where that is little.
func (e *Entry) alike(want []map[string]bool) int {
	var own []map[string]bool
	for _, w := range Words(strings.Join(append([]string{e.ID, e.Title}, e.names...), " ")) {
		if len(w) >= minWord {
			own = append(own, trigrams(w))
		}
	}
	sum := 0
	for _, w := range want {
		best := 0
		for _, o := range own {
			shared := 0
			for g := range w {
				if o[g] {
					shared++
				}
			}
			best = max(best, 200*shared/(len(w)+len(o)))
		}
		sum += best
	}
	if len(want) == 0 || sum/len(want) < minAlike {
		return 0
	}
	return sum / len(want)
}

func trigrams(s string) map[string]bool {
	out := map[string]bool{}
	runes := []rune("  " + s + " ")
	for i := 0; i+3 <= len(runes); i++ {
		out[string(runes[i:i+3])] = true
	}
	return out
}
