package pack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/sar"
)

// reference is a file of AWS's service reference ("Simplified AWS service information for
// programmatic access", Service Authorization Reference): one service.
type reference struct {
	Name    string
	Version string
	Actions []struct {
		Name                string
		ActionConditionKeys []string
		Annotations         struct {
			Properties struct{ IsList, IsPermissionManagement, IsTaggingOnly, IsWrite bool }
		}
		Resources []struct{ Name string }
	}
	ConditionKeys []struct {
		Name  string
		Types []string
	}
	Resources []struct {
		Name          string
		ARNFormats    []string
		ConditionKeys []string
	}
}

// FromReference replaces one service of base by what a file of AWS's service reference says.
// The reference states the keys of an action without the resource type they hold for.
func FromReference(file []byte, base *sar.Data) ([]byte, error) {
	var ref reference
	if err := decode(file, &ref); err != nil {
		return nil, fmt.Errorf("read AWS's service reference: %w", err)
	}
	if ref.Name == "" || len(ref.Actions) == 0 {
		return nil, errors.New(`it is JSON and not a file of AWS's service reference: want "Name" and "Actions" of one service`)
	}
	services, foreign := base.Export()
	updated := ref.service()
	if old, ok := base.Service(updated.Prefix); ok {
		updated.Name, updated.RCP = old.Name, old.RCP
	}
	services = slices.DeleteFunc(services, func(s *sar.Service) bool { return s.Prefix == updated.Prefix })
	services = append(services, updated)
	sum := sha256.Sum256(file)
	version := base.Version()
	version.Overlays = slices.DeleteFunc(slices.Clone(version.Overlays), func(o sar.Overlay) bool { return o.Service == updated.Prefix })
	version.Overlays = append(version.Overlays, sar.Overlay{Service: updated.Prefix, Version: ref.Version, SHA256: hex.EncodeToString(sum[:])})
	slices.SortFunc(version.Overlays, func(a, b sar.Overlay) int { return cmp.Compare(a.Service, b.Service) })
	return sar.Build(version, services, foreign)
}

func (ref *reference) service() *sar.Service {
	s := &sar.Service{Prefix: strings.ToLower(ref.Name), Name: ref.Name}
	known := keySet{}
	for _, k := range ref.ConditionKeys {
		typ := ""
		if len(k.Types) > 0 {
			typ = k.Types[0]
		}
		known.add(s, k.Name, typ)
	}
	for _, r := range ref.Resources {
		s.Resources = append(s.Resources, &sar.ResourceType{Service: s.Prefix, Name: r.Name, ARNs: r.ARNFormats, Keys: keyNames(r.ConditionKeys)})
	}
	for _, a := range ref.Actions {
		p := a.Annotations.Properties
		access := sar.AccessRead
		switch {
		case p.IsPermissionManagement:
			access = sar.AccessPermissions
		case p.IsTaggingOnly:
			access = sar.AccessTagging
		case p.IsWrite:
			access = sar.AccessWrite
		case p.IsList:
			access = sar.AccessList
		}
		action := &sar.Action{Service: s.Prefix, Name: a.Name, Access: access, Keys: keyNames(a.ActionConditionKeys)}
		for _, r := range a.Resources {
			action.Resources = append(action.Resources, sar.ActionResource{Type: r.Name})
		}
		s.Actions = append(s.Actions, action)
	}
	return s
}

// ReadLimit is how much of an input is enough for Convert to judge it: one byte more than it takes.
const ReadLimit = MaxBytes + 1
