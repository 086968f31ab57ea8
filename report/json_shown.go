package report

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// shownResource is what findings of one resource have alike as the first step encodes it. They follow each other, and
// rules read the same facts.
type shownResource struct {
	resource        *assize.Resource
	account, region string
	about           entry // with nothing but what the resource says
	facts           map[string]shownFact
	data            []byte // of about and the facts
	line            []byte // the facts of the last finding, used again
}

// shownFact is a fact in data; cut: it is shortened there.
type shownFact struct {
	from, to int
	cut      bool
}

// entry is makeEntry of the first step for a finding about a resource. What it returns holds until it is called again.
func (s *shownResource) entry(f *assize.Finding) (entry, error) {
	if err := s.enter(f); err != nil {
		return entry{}, err
	}
	c := cutter{cut: s.about.Cut}
	e := c.entry(f, steps[0])
	e.Type, e.ID, e.ARN, e.Origin, e.whose = s.about.Type, s.about.ID, s.about.ARN, s.about.Origin, s.about.whose
	var err error
	e.shown, err = s.looked(&c, f)
	e.Cut, e.cutFacts = c.cut, c.cutFacts
	return e, err
}

// enter goes to the resource of a finding.
func (s *shownResource) enter(f *assize.Finding) error {
	if s.resource == f.Resource && s.account == f.Account && s.region == f.Region {
		return nil
	}
	if s.facts == nil {
		s.facts = map[string]shownFact{}
	}
	clear(s.facts)
	s.resource, s.account, s.region = f.Resource, f.Account, f.Region
	c := cutter{}
	s.about = entry{Account: c.name(f.Account, steps[0].name), Region: c.name(f.Region, steps[0].name)}
	c.resource(&s.about, f.Resource, steps[0])
	s.about.Cut = c.cut
	m := members{b: s.data[:0]}
	m.whose(&s.about)
	s.data, s.about.whose = m.b, slices.Clone(m.b)
	return m.err
}

// looked encodes the facts that the rule read, in order of name.
func (s *shownResource) looked(c *cutter, f *assize.Finding) ([]byte, error) {
	var room [8]namedFact
	facts := room[:0]
	n := 0
	for name, into := range f.Looks() {
		n++
		fact, known := s.facts[name]
		if !known || into {
			var err error
			if fact, err = s.encode(f.Look(name, into)); err != nil {
				return nil, err
			}
			if !into {
				s.facts[name] = fact
			}
		}
		shown := c.shortName(name, steps[0])
		if fact.cut || shown != name {
			c.cut, c.cutFacts = true, append(c.cutFacts, name)
		}
		i, found := slices.BinarySearchFunc(facts, shown, namedFact.compare)
		if !found {
			facts = slices.Insert(facts, i, namedFact{name: shown})
		}
		facts[i].shownFact = fact
	}
	c.unshown(f, n)
	m := members{b: append(s.line[:0], '{')}
	for _, fact := range facts {
		if m.b[len(m.b)-1] != '{' {
			m.b = append(m.b, ',')
		}
		m.string(fact.name)
		m.b = append(append(m.b, ':'), s.data[fact.from:fact.to]...)
	}
	s.line = append(m.b, '}')
	return s.line, m.err
}

// namedFact is a fact under the name that is shown.
type namedFact struct {
	name string
	shownFact
}

func (f namedFact) compare(name string) int { return strings.Compare(f.name, name) }

// encode adds a value, shortened, to data.
func (s *shownResource) encode(v assize.Value) (shownFact, error) {
	c := cutter{}
	from := len(s.data)
	data, err := assize.AppendJSON(s.data, c.value(v, steps[0].fact))
	if err != nil {
		return shownFact{}, err
	}
	if written := data[from:]; !printable(written) {
		data = append(data[:from], escape(written)...)
	}
	s.data = data
	return shownFact{from, len(data), c.cut}, nil
}
