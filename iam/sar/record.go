package sar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Service is all the reference says of one service prefix.
type Service struct {
	Prefix    string
	Name      string // "Amazon Bedrock"
	RCP       bool   // resource control policies apply to it
	Actions   []*Action
	Resources []*ResourceType
	Keys      []Key
}

// marshal writes a service as lines of tab-separated fields: keys, resource types, then
// actions. Keys and types are named by their place. It is what a pack keeps, compressed.
func (s *Service) marshal() string {
	s.sort()
	places := map[string]int{}
	var b strings.Builder
	key := func(name string) string {
		if _, ok := places[name]; !ok {
			places[name] = len(places)
			fmt.Fprintf(&b, "k\t%s\t\n", name)
		}
		return strconv.Itoa(places[name])
	}
	for _, k := range s.Keys {
		places[k.Name] = len(places)
		multi := ""
		if k.Multi {
			multi = "ArrayOf"
		}
		fmt.Fprintf(&b, "k\t%s\t%s%s\n", k.Name, multi, k.Type)
	}
	keys := func(names []string) string {
		out := make([]string, len(names))
		for i, n := range names {
			out[i] = key(n)
		}
		return strings.Join(out, ",")
	}
	types := map[string]int{}
	for i, r := range s.Resources {
		types[r.Name] = i
		list := keys(r.Keys)
		fmt.Fprintf(&b, "r\t%s\t%s\t%s\n", r.Name, strings.Join(r.ARNs, " "), list)
	}
	for _, a := range s.Actions {
		own, on := keys(a.Keys), make([]string, len(a.Resources))
		for i, r := range a.Resources {
			on[i] = strconv.Itoa(types[r.Type])
			if len(r.Keys) > 0 {
				on[i] += ":" + keys(r.Keys)
			}
		}
		line := fmt.Sprintf("a\t%s\t%c\t%s\t%s", a.Name, a.Access[0], strings.Join(on, ";"), own)
		b.WriteString(strings.TrimRight(line, "\t") + "\n")
	}
	return b.String()
}

// sort puts everything in the order of names, so that equal data is equal bytes.
func (s *Service) sort() {
	slices.SortFunc(s.Keys, func(a, b Key) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Resources, func(a, b *ResourceType) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Actions, func(a, b *Action) int { return cmp.Compare(a.Name, b.Name) })
}

// check finds what marshal could not keep: a name with a separator in it, a type that is
// named and not there, an access level that does not exist.
func (s *Service) check() error {
	types := map[string]bool{}
	for _, r := range s.Resources {
		if !field(r.Name) || len(r.ARNs) == 0 {
			return fmt.Errorf("service %q: resource type %q: want a name and an ARN format", s.Prefix, r.Name)
		}
		for _, arn := range r.ARNs {
			if !plain(arn) {
				return fmt.Errorf("service %q: resource type %q: unusable ARN format %q", s.Prefix, r.Name, arn)
			}
		}
		types[r.Name] = true
	}
	for _, k := range s.Keys {
		if !field(k.Name) {
			return fmt.Errorf("service %q: unusable condition key %q", s.Prefix, k.Name)
		}
	}
	for _, a := range s.Actions {
		if !plain(a.Name) {
			return fmt.Errorf("service %q: unusable action name %q", s.Prefix, a.Name)
		}
		if _, ok := accessLetters[string(a.Access[:min(1, len(a.Access))])]; !ok {
			return fmt.Errorf("service %q: action %q: unknown access level %q", s.Prefix, a.Name, a.Access)
		}
		for _, r := range a.Resources {
			if !types[r.Type] {
				return fmt.Errorf("service %q: action %q: resource type %q is not defined", s.Prefix, a.Name, r.Type)
			}
		}
	}
	return nil
}

// field says whether a pack can keep s, and plain whether in a list, too. Control characters are refused: names
// are printed on terminals.
func field(s string) bool { return s != "" && printable(s) }

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.C, r) })
}

func plain(s string) bool { return field(s) && !strings.Contains(s, " ") }

var accessLetters = map[string]Access{
	"L": AccessList, "R": AccessRead, "W": AccessWrite, "P": AccessPermissions, "T": AccessTagging,
}

// unmarshal reads what marshal wrote into s, which has its prefix and name already.
func (s *Service) unmarshal(text string) error {
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		f = append(f, "", "", "", "")[:5]
		var err error
		switch f[0] {
		case "k":
			s.Keys = append(s.Keys, newKey(f[1], f[2]))
		case "r":
			r := &ResourceType{Service: s.Prefix, Name: f[1], ARNs: strings.Fields(f[2])}
			r.Keys, err = s.keyNames(f[3])
			s.Resources = append(s.Resources, r)
		case "a":
			err = s.action(f)
		default:
			err = fmt.Errorf("unknown kind of line %q", f[0])
		}
		if err != nil {
			return fmt.Errorf("service %q: %q: %w", s.Prefix, line, err)
		}
	}
	return nil
}

func (s *Service) action(f []string) error {
	access, ok := accessLetters[f[2]]
	if !ok {
		return fmt.Errorf("unknown access level %q", f[2])
	}
	a := &Action{Service: s.Prefix, Name: f[1], Access: access}
	var err error
	if a.Keys, err = s.keyNames(f[4]); err != nil {
		return err
	}
	for on := range strings.SplitSeq(f[3], ";") {
		if on == "" {
			continue
		}
		place, keys, _ := strings.Cut(on, ":")
		i, err := strconv.Atoi(place)
		if err != nil || i < 0 || i >= len(s.Resources) {
			return fmt.Errorf("no resource type %q", place)
		}
		r := ActionResource{Type: s.Resources[i].Name}
		if r.Keys, err = s.keyNames(keys); err != nil {
			return err
		}
		a.Resources = append(a.Resources, r)
	}
	s.Actions = append(s.Actions, a)
	return nil
}

func (s *Service) keyNames(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	var out []string
	for place := range strings.SplitSeq(list, ",") {
		i, err := strconv.Atoi(place)
		if err != nil || i < 0 || i >= len(s.Keys) {
			return nil, fmt.Errorf("no condition key %q", place)
		}
		out = append(out, s.Keys[i].Name)
	}
	return out, nil
}
