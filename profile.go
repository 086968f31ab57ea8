package assize

// Profile is what an organisation has decided: approved models and Regions,
// required tags, retention. A rule that asks for a field that is not set is
// answered by a person: its outcome is Manual.
type Profile struct {
	// Values by field name, as declared by the profile's fields; fields not set are absent.
	Values Object
	// Workloads of the register, which decide the controls that apply.
	Workloads []Workload
	// Digest is "sha256:<hex>" of the canonical JSON of Values, with Workloads where there are
	// any; it stands beside the verdicts.
	Digest string
	// Path of the file it was read from; empty for the empty profile.
	Path string
}

// ProfileField declares one field of the profile. It is content: library/profile.yaml.
type ProfileField struct {
	Name string   `yaml:"name"`
	Type FactType `yaml:"type"`
	// Default holds where a sensible one exists and its source is named in Doc;
	// nil: without the organisation's choice the outcome is Manual.
	Default Value  `yaml:"default"`
	Doc     string `yaml:"doc"`
	// Example is the YAML shown, commented out, by "assize init".
	Example string `yaml:"example"`
}
