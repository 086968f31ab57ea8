package collect

import (
	"slices"
	"strings"
)

// IdentifiedBy lists the attributes that name objects of the type, in no more detail than
// [PlannedMapping.Identifies]: where a configuration does not set one, the service makes it up.
func (m *PlannedMapping) IdentifiedBy(typ string) []string {
	names := []string{"arn", "id"}
	for _, p := range m.programs[typ] {
		for _, name := range append([]string{p.id, p.arn}, p.name...) {
			if name != "" && name != noARN && !strings.Contains(name, "${") && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// SecretName tells by the name of an attribute that it holds a secret, as a provider's schema would say.
func SecretName(name string) bool { return secretName(name) }
