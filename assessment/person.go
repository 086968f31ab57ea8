package assessment

import (
	"strings"
)

// person is a name under which somebody counts once where two people are demanded: case and white space do not
// matter, and of an ARN the name at its end counts. Two people of one name are taken for one: they are refused
// where one person under two names would be let through.
func person(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if strings.HasPrefix(name, "arn:") {
		name = name[strings.LastIndexAny(name, "/:")+1:]
	}
	return name
}

// samePerson reports whether two names may be of one person.
func samePerson(a, b string) bool { return person(a) == person(b) }
