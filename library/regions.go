package library

// Regions is the table of where services are offered.
type Regions struct {
	// Source and Date say where the table was taken from, and when.
	Source string `yaml:"source"`
	Date   string `yaml:"date"`
	// Partitions maps a partition to its Regions.
	Partitions map[string][]string `yaml:"partitions"`
	// OptIn lists Regions that an account has to enable first.
	OptIn []string `yaml:"opt_in"`
	// Services maps a service to the Regions that offer it. A service that is not
	// here is not known to the table: its availability is unknown.
	Services map[string][]string `yaml:"services"`
}
