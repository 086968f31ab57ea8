package library

import "slices"

// Regions is the table of where services are offered. A service in no list and a
// Region in no partition are not known to the table: nothing follows from them.
type Regions struct {
	// Source and Date say where the table was taken from, and when.
	Source string `yaml:"source"`
	Date   string `yaml:"date"`
	// Partitions maps a partition to its Regions.
	Partitions map[string][]string `yaml:"partitions"`
	// Services maps a service, by its botocore name, to the Regions that offer it.
	Services map[string][]string `yaml:"services"`
	// Unknown maps a service to the Regions of which the sources do not say
	// whether they offer it.
	Unknown map[string][]string `yaml:"unknown"`
}

// Offered reports whether the service is offered in the Region; known is false
// when the table cannot tell.
func (r *Regions) Offered(service, region string) (offered, known bool) {
	regions, ok := r.Services[service]
	if !ok || !r.hasRegion(region) || slices.Contains(r.Unknown[service], region) {
		return false, false
	}
	return slices.Contains(regions, region), true
}

func (r *Regions) hasRegion(region string) bool {
	for _, regions := range r.Partitions {
		if slices.Contains(regions, region) {
			return true
		}
	}
	return false
}
