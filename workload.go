package assize

import (
	"fmt"
	"slices"
	"strings"
)

// Workload is one AI system of the register: what it is for, who answers for it, what it
// consists of, and the factors that decide which controls concern it.
type Workload struct {
	ID      string `yaml:"id" json:"id"`
	Name    string `yaml:"name" json:"name"`
	Team    string `yaml:"team" json:"team,omitempty"`
	Purpose string `yaml:"purpose" json:"purpose,omitempty"`
	// Scope of the AWS Generative AI Security Scoping Matrix: 1 consumer application, 2 enterprise
	// application, 3 pre-trained model, 4 fine-tuned model, 5 self-trained model; 0: not decided yet.
	Scope int `yaml:"scope" json:"scope,omitempty"`
	// Exposure, ModelOrigin, DataSensitivity and Criticality: see [Factors]; empty: not decided yet.
	Exposure        string `yaml:"exposure" json:"exposure,omitempty"`
	ModelOrigin     string `yaml:"model_origin" json:"model_origin,omitempty"`
	DataSensitivity string `yaml:"data_sensitivity" json:"data_sensitivity,omitempty"`
	Criticality     string `yaml:"criticality" json:"criticality,omitempty"`
	// ServiceLevel is what was declared, such as "99.9 % a month, answers within 3 s".
	ServiceLevel string `yaml:"service_level" json:"service_level,omitempty"`
	// Accounts, Regions and Resources (ARNs) that it consists of; Tags find more.
	Accounts  []string          `yaml:"accounts" json:"accounts,omitempty"`
	Regions   []string          `yaml:"regions" json:"regions,omitempty"`
	Resources []string          `yaml:"resources" json:"resources,omitempty"`
	Tags      map[string]string `yaml:"tags" json:"tags,omitempty"`
}

// Factors are the workload's values of the factors, by the names of [Factors]; empty: not decided yet.
func (w *Workload) Factors() map[string]string {
	return map[string]string{
		"exposure": w.Exposure, "model_origin": w.ModelOrigin, "data_sensitivity": w.DataSensitivity, "criticality": w.Criticality,
	}
}

// MaxScope is the highest scope of the AWS Generative AI Security Scoping Matrix.
const MaxScope = 5

// Factors are the values that each factor of a workload may have, least demanding first.
var Factors = map[string][]string{
	"exposure":         {"internal", "partner", "public"},
	"model_origin":     {"provider", "marketplace", "open-weights", "fine-tuned", "self-trained"},
	"data_sensitivity": {"public", "internal", "confidential", "restricted"},
	"criticality":      {"low", "medium", "high"},
}

// Applicability narrows the workloads that a control concerns. Every list that is not empty
// must hold the workload's value.
type Applicability struct {
	Scopes          []int    `yaml:"scopes" json:"scopes,omitempty"`
	Exposure        []string `yaml:"exposure" json:"exposure,omitempty"`
	ModelOrigin     []string `yaml:"model_origin" json:"model_origin,omitempty"`
	DataSensitivity []string `yaml:"data_sensitivity" json:"data_sensitivity,omitempty"`
	Criticality     []string `yaml:"criticality" json:"criticality,omitempty"`
}

// Factors are the lists of the factors that narrow, by the names of [Factors].
func (a *Applicability) Factors() map[string][]string {
	return map[string][]string{
		"exposure": a.Exposure, "model_origin": a.ModelOrigin, "data_sensitivity": a.DataSensitivity, "criticality": a.Criticality,
	}
}

// AppliesTo reports whether the control concerns the workload, and why. A factor that nobody
// has decided narrows nothing: not knowing never takes a control away.
func (a *Applicability) AppliesTo(w *Workload) (applies bool, reason string) {
	if a == nil {
		return true, "concerns every workload"
	}
	var held, open []string
	if len(a.Scopes) > 0 {
		switch {
		case w.Scope == 0:
			open = append(open, "scope")
		case !slices.Contains(a.Scopes, w.Scope):
			return false, fmt.Sprintf("scope %d of the workload is none of %s", w.Scope, numbers(a.Scopes))
		default:
			held = append(held, fmt.Sprintf("scope %d", w.Scope))
		}
	}
	for _, f := range []struct {
		name, value string
		want        []string
	}{
		{"exposure", w.Exposure, a.Exposure},
		{"model origin", w.ModelOrigin, a.ModelOrigin},
		{"data sensitivity", w.DataSensitivity, a.DataSensitivity},
		{"criticality", w.Criticality, a.Criticality},
	} {
		switch {
		case len(f.want) == 0:
		case f.value == "":
			open = append(open, f.name)
		case !slices.Contains(f.want, f.value):
			return false, fmt.Sprintf("%s %q of the workload is none of %s", f.name, f.value, strings.Join(f.want, ", "))
		default:
			held = append(held, f.name+" "+f.value)
		}
	}
	switch {
	case len(open) > 0:
		return true, "concerns it until these are decided: " + strings.Join(open, ", ")
	case len(held) > 0:
		return true, strings.Join(held, ", ")
	}
	return true, "concerns every workload"
}

// Any reports whether the control concerns at least one of the workloads, and why, or why none.
// Where no workload is registered, every control is taken.
func (a *Applicability) Any(workloads []Workload) (applies bool, reason string) {
	if a == nil || len(workloads) == 0 {
		return true, "concerns every workload"
	}
	var against []string
	for i := range workloads {
		w := &workloads[i]
		applies, why := a.AppliesTo(w)
		if applies {
			return true, w.ID + ": " + why
		}
		against = append(against, w.ID+": "+why)
	}
	return false, strings.Join(against, "; ")
}

func numbers(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = fmt.Sprint(n)
	}
	return strings.Join(texts, ", ")
}
