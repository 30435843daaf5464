"""What components under test refer to and a fresh process must know too."""

import keras


@keras.saving.register_keras_serializable(package="contract")
def decaying(epoch):
    return 0.9**epoch
