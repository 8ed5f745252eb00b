// The module ModelLoading.
