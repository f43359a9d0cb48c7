"""The database: one store per noun, SQL nowhere else."""
