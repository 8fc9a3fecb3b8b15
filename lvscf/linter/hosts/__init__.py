"""What the files of the hosts do to the traffic of the cluster: the questions that rules ask."""
