package gen

import (
	"slices"

	"github.com/assize-dev/assize/iam"
)

// Archetype is a kind of access that policies can be made for.
type Archetype struct {
	Name string
	// Title says what it is, in one line.
	Title string
	// Grants say what the policies give and what they keep from happening, a line each.
	Grants []string
	// Needs and Takes are the options that must and may be given, by the names of the command's flags.
	Needs, Takes []string
	// Notes are shown with every result.
	Notes []string
	// write writes the documents, claim says what they are for; neither looks at the other.
	write func(*targets) ([]paper, error)
	claim func(*targets, []*iam.Policy) (claims, error)
}

// Archetypes lists what policies can be made for, in the order in which help shows them.
func Archetypes() []*Archetype {
	return slices.Concat(inferenceArchetypes(), sageMakerArchetypes(), controlArchetypes())
}

// FindArchetype finds an archetype by its name.
func FindArchetype(name string) (*Archetype, bool) {
	for _, a := range Archetypes() {
		if a.Name == name {
			return a, true
		}
	}
	return nil, false
}

func archetypeNames() []string {
	var out []string
	for _, a := range Archetypes() {
		out = append(out, a.Name)
	}
	return out
}
