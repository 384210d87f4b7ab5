"""What is computed: numbers in, numbers out. No I/O, no clock."""
