"""What student code runs in: the layers that keep it from the machine, its environment, the folder it may write in."""
