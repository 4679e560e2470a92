"""How sentence vectors are made: the model's weights, its tokens, its graph, and the places vectors come from."""
