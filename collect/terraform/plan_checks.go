package terraform

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform/config"
)

// readChecks keeps the result of each instance that has conditions.
func (f *planFile) readChecks(raw []byte) error {
	if isNothing(raw) {
		return nil
	}
	v, err := f.scanner(raw).value()
	if err != nil {
		return err
	}
	list, _ := v.(assize.List)
	for _, e := range list {
		check, _ := e.(assize.Object)
		kind, _ := check.At("address.kind").(string)
		instances, _ := check.Get("instances").(assize.List)
		if len(instances) == 0 {
			instances = assize.List{check} // nothing was expanded: the object itself
		}
		for _, i := range instances {
			if instance, ok := i.(assize.Object); ok {
				f.plan.Checks = append(f.plan.Checks, moduleCheck(kind, instance))
			}
		}
	}
	return nil
}

func moduleCheck(kind string, instance assize.Object) ModuleCheck {
	c := ModuleCheck{Kind: kind}
	c.Address, _ = instance.At("address.to_display").(string)
	c.Status, _ = instance.Get("status").(string)
	problems, _ := instance.Get("problems").(assize.List)
	for _, p := range problems {
		if problem, ok := p.(assize.Object); ok {
			if message, ok := problem.Get("message").(string); ok {
				c.Messages = append(c.Messages, message)
			}
		}
	}
	return c
}

// markerOutput is the output by which a hardened module says what it holds.
const markerOutput = "assize_controls"

// modulesOf lists the calls of a module and of those below it, by address.
func modulesOf(m *cfgModule, path []string) []Module {
	if m == nil {
		return nil
	}
	names := make([]string, 0, len(m.calls))
	for name := range m.calls {
		names = append(names, name)
	}
	slices.Sort(names)
	var list []Module
	for _, name := range names {
		call := m.calls[name]
		at := append(slices.Clone(path), "module."+name)
		list = append(list, Module{
			Address: strings.Join(at, "."), Source: config.PublicSource(call.source), Version: call.version, Marker: markerOf(call.module),
		})
		list = append(list, modulesOf(call.module, at)...)
	}
	return list
}

func markerOf(m *cfgModule) []string {
	if m == nil || m.outputs[markerOutput] == nil {
		return nil
	}
	var marker []string
	list, _ := m.outputs[markerOutput].constant.(assize.List)
	for _, e := range list {
		if text, ok := e.(string); ok {
			marker = append(marker, text)
		}
	}
	return marker
}
